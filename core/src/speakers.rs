//! Who speaks: from loudness to the ring on a tile, and to the one whom the others look at.
//!
//! ```text
//!            loud               1 s of speech            quiet
//!   silent ───────► heard ring ───────────────► speaking ───────► resting ── 60 s ──► silent
//!      ▲               │                            ▲                │
//!      └──── quiet ────┘                            └───── loud ─────┘
//! ```
//!
//! The ring follows at once. The main speaker changes calmly: only to somebody who has spoken for a second,
//! and only when the one before is quiet. Where a tile stands is decided by [`crate::layout`].

mod hints;
mod level;

pub use hints::{Hint, Hints, Microphone};
pub use level::Level;

use crate::time::{Duration, Instant};
use parley_protocol::DeviceId;
use std::collections::BTreeMap;

/// Louder than this is speech.
const LOUD: Level = Level(87);
/// Speech goes on while it is no quieter than this.
const QUIET: Level = Level(77);
/// A pause between words.
const PAUSE: Duration = Duration::from_millis(400);
const PROMOTED_AFTER: Duration = Duration::from_millis(1_000);
const DEMOTED_AFTER: Duration = Duration::from_millis(60_000);
/// Rounds further apart than this say nothing of what was between them.
const GAP: Duration = Duration::from_millis(1_500);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    Ring {
        device: DeviceId,
        on: bool,
    },
    /// Has spoken for a second after a silence.
    Promoted(DeviceId),
    /// Has been silent for a minute.
    Demoted(DeviceId),
    /// The one to look at.
    Main(Option<DeviceId>),
}

#[derive(Debug, Clone, Copy)]
struct Voice {
    /// The ring is on since then.
    loud_since: Option<Instant>,
    loud_at: Instant,
    promoted: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Speakers {
    voices: BTreeMap<DeviceId, Voice>,
    main: Option<DeviceId>,
    heard_at: Instant,
}

impl Speakers {
    /// One round of loudness of everybody who is to be considered; who is not in it has left.
    pub fn handle(&mut self, now: Instant, levels: &[(DeviceId, Level)]) -> Vec<Output> {
        let mut outputs = Vec::new();
        let gap = now < self.heard_at || now.since(self.heard_at) > GAP;
        self.heard_at = now;
        self.voices.retain(|device, _| levels.iter().any(|(present, _)| present == device));
        for (device, level) in levels {
            let voice = self.voices.entry(*device).or_insert(Voice {
                loud_since: None,
                loud_at: now,
                promoted: false,
            });
            if gap {
                voice.resume(now);
            }
            voice.hear(now, *device, *level, &mut outputs);
        }
        let main = self.choose_main();
        if main != self.main {
            self.main = main;
            outputs.push(Output::Main(main));
        }
        outputs
    }

    pub fn is_ringed(&self, device: DeviceId) -> bool {
        self.voices.get(&device).is_some_and(|voice| voice.loud_since.is_some())
    }

    pub fn main(&self) -> Option<DeviceId> {
        self.main
    }

    fn choose_main(&self) -> Option<DeviceId> {
        let staying = self.main.filter(|main| self.voices.get(main).is_some_and(|voice| voice.promoted));
        if staying.is_some_and(|main| self.is_ringed(main)) {
            return staying;
        }
        let speaking = |(device, voice): (&DeviceId, &Voice)| {
            let since = voice.loud_since?;
            (voice.loud_at.since(since) >= PROMOTED_AFTER).then_some((since, *device))
        };
        let longest = self.voices.iter().filter_map(speaking).min();
        longest.map(|(_, device)| device).or(staying)
    }
}

impl Voice {
    /// What was not heard counts neither as speech nor as silence.
    fn resume(&mut self, now: Instant) {
        self.loud_at = now;
        if self.loud_since.is_some() {
            self.loud_since = Some(now);
        }
    }

    fn hear(&mut self, now: Instant, device: DeviceId, level: Level, outputs: &mut Vec<Output>) {
        if level >= LOUD || (level >= QUIET && self.loud_since.is_some()) {
            self.loud_at = now;
        }
        match self.loud_since {
            None if level >= LOUD => {
                self.loud_since = Some(now);
                outputs.push(Output::Ring { device, on: true });
            }
            Some(_) if now.since(self.loud_at) >= PAUSE => {
                self.loud_since = None;
                outputs.push(Output::Ring { device, on: false });
            }
            Some(since) if !self.promoted && self.loud_at.since(since) >= PROMOTED_AFTER => {
                self.promoted = true;
                outputs.push(Output::Promoted(device));
            }
            None if self.promoted && now.since(self.loud_at) >= DEMOTED_AFTER => {
                self.promoted = false;
                outputs.push(Output::Demoted(device));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
