//! Virtual time, and the events that are still to come.

use super::chance::Chance;
use parley_core::time::{Duration, Instant};
use std::collections::BTreeMap;

/// The event queue, ordered by time, and by insertion among events of the same time.
pub struct World<E> {
    pub now: Instant,
    pub chance: Chance,
    agenda: BTreeMap<(Instant, u64), E>,
    count: u64,
    /// Whether events are printed, as they are when a single seed is repeated.
    told: bool,
}

impl<E: std::fmt::Debug> World<E> {
    pub fn new(seed: u64) -> Self {
        Self {
            now: Instant(0),
            chance: Chance::new(seed),
            agenda: BTreeMap::new(),
            count: 0,
            told: std::env::var("PARLEY_SEED").is_ok(),
        }
    }

    pub fn after(&mut self, delay_ms: u64, event: E) {
        self.count += 1;
        self.agenda.insert((self.now + Duration::from_millis(delay_ms), self.count), event);
    }

    /// Removes the events that match: they never arrive.
    pub fn lose(&mut self, lost: impl Fn(&E) -> bool) {
        self.agenda.retain(|_, event| !lost(event));
    }

    /// Advances to the next event and returns it. Returns `None` when a machine's deadline comes first, and
    /// advances to that.
    pub fn next(&mut self, deadline: Option<Instant>) -> Option<E> {
        let due = self.agenda.first_key_value().map(|((at, _), _)| *at);
        match (due, deadline) {
            (Some(at), Some(alarm)) if alarm < at => self.now = self.now.max(alarm),
            (Some(_), _) => {
                let ((at, _), event) = self.agenda.pop_first()?;
                self.now = self.now.max(at);
                if self.told {
                    eprintln!("{:>6} {event:?}", self.now.0);
                }
                return Some(event);
            }
            (None, Some(alarm)) => self.now = self.now.max(alarm),
            (None, None) => {}
        }
        None
    }

    pub fn is_empty(&self) -> bool {
        self.agenda.is_empty()
    }
}
