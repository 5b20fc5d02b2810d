//! Virtual time, chance from a seed, and what is on its way.

use parley_core::time::{Duration, Instant};
use std::collections::BTreeMap;

/// `SplitMix64`: small, and the same on every machine.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let limit = u64::try_from(from.len()).expect("a length");
        from[usize::try_from(self.below(limit)).expect("below a length")]
    }

    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What will happen, in order of time, and of sending where the time is the same.
pub struct World<E> {
    pub now: Instant,
    pub chance: Chance,
    agenda: BTreeMap<(Instant, u64), E>,
    count: u64,
    /// One seed alone is run to be understood: its story is told.
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

    /// Takes what the condition names off the agenda: it never arrives.
    pub fn lose(&mut self, lost: impl Fn(&E) -> bool) {
        self.agenda.retain(|_, event| !lost(event));
    }

    /// The next event, unless a machine's deadline comes first; then `None`, at that time.
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
