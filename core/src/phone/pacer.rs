//! A pace for new connections: one is opened per task of the page.
//!
//! The browser blocks the page while it makes a connection. A person who joins a call of eight would see
//! neither the room nor the effect of a click until the last of seven connections is made. With a pace, the
//! page can draw and react between two of them.

use super::Output;
use parley_protocol::DeviceId;
use std::collections::VecDeque;

#[derive(Debug, Default)]
/// The queue of outputs for connections whose turn has not come. A turn is one task of the page.
pub struct ConnectionPacer {
    /// Whether this turn has opened a connection.
    opened: bool,
    later: VecDeque<Output>,
}

impl ConnectionPacer {
    /// Returns the output if it may be carried out in this turn, and queues it otherwise. Queued outputs of a
    /// device keep their order.
    pub fn now(&mut self, output: Output) -> Option<Output> {
        let Some(device) = device(&output) else { return Some(output) };
        if matches!(output, Output::Close(_)) {
            // A connection that is closed before its turn need not be opened at all.
            self.later.retain(|other| self::device(other) != Some(device));
            return Some(output);
        }
        let opens = matches!(output, Output::Open { .. });
        if (opens && self.opened) || self.waits(device) {
            self.later.push_back(output);
            return None;
        }
        self.opened |= opens;
        Some(output)
    }

    /// Checks whether this turn has opened a connection, so that another turn must follow.
    pub fn opened(&self) -> bool {
        self.opened
    }

    /// Begins the next turn, and takes all outputs for the device that has been queued longest.
    pub fn next_batch(&mut self) -> Vec<Output> {
        let first = self.later.front().and_then(device);
        self.opened = first.is_some();
        let (now, later): (VecDeque<_>, _) = self.later.drain(..).partition(|output| device(output) == first);
        self.later = later;
        now.into()
    }

    fn waits(&self, device: DeviceId) -> bool {
        self.later.iter().any(|output| self::device(output) == Some(device))
    }
}

/// Returns the device whose connection the output concerns.
fn device(output: &Output) -> Option<DeviceId> {
    match output {
        Output::Open { device, .. }
        | Output::Peer(device, _)
        | Output::SendTracks { device, .. }
        | Output::Data(device, _)
        | Output::Close(device) => Some(*device),
        Output::Send(_) | Output::Api(_) | Output::Media(_) | Output::Prepare { .. } => None,
    }
}
