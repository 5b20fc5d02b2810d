//! A pace for new connections: one is opened per task of the page.
//!
//! A browser keeps the page waiting while it makes a connection. Who joins a call of eight would not see the
//! room, nor its own hand on a button, until the last of seven is made.

use super::Output;
use parley_protocol::DeviceId;
use std::collections::VecDeque;

#[derive(Debug, Default)]
pub struct ConnectionPacer {
    opened: bool,
    later: VecDeque<Output>,
}

impl ConnectionPacer {
    /// What is carried out now. What is put off keeps its order, and has a turn of its own later.
    pub fn now(&mut self, output: Output) -> Option<Output> {
        let Some(device) = device(&output) else { return Some(output) };
        if matches!(output, Output::Close(_)) {
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

    /// Whether this turn has opened a connection, so that there is to be another turn.
    pub fn opened(&self) -> bool {
        self.opened
    }

    /// All for the device whose turn it is.
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
