//! Readings on their way to the server, five seconds at a time.

use super::Reading;
use crate::time::{Duration, Instant};
use parley_protocol::DeviceId;

const EVERY: Duration = Duration::from_millis(5_000);
/// A page whose timers stood still sends no more than this at once.
const MOST: usize = 64;

/// One link at one moment. The page knows what time of day it was: as long ago as `at` is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    pub device: DeviceId,
    pub at: Instant,
    pub reading: Reading,
}

#[derive(Debug)]
pub struct Batch {
    since: Instant,
    measured: Vec<Measured>,
}

impl Batch {
    pub const fn new(now: Instant) -> Self {
        Self { since: now, measured: Vec::new() }
    }

    pub fn add(&mut self, measured: Measured) {
        if self.measured.len() == MOST {
            self.measured.remove(0);
        }
        self.measured.push(measured);
    }

    pub fn take(&mut self, now: Instant) -> Option<Vec<Measured>> {
        // A clock that was set back begins anew.
        self.since = self.since.min(now);
        if now.since(self.since) < EVERY || self.measured.is_empty() {
            return None;
        }
        self.since = now;
        Some(std::mem::take(&mut self.measured))
    }
}
