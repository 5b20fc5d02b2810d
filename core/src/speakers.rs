//! The speakers of a room: from loudness to the ring around a tile, and to the main speaker.
//!
//! ```text
//!            loud               1 s of speech            quiet
//!   silent ───────► heard ring ───────────────► speaking ───────► resting ── 60 s ──► silent
//!      ▲               │                            ▲                │
//!      └──── quiet ────┘                            └───── loud ─────┘
//! ```
//!
//! The ring follows the voice at once. The main speaker changes calmly: only to somebody who has spoken for a
//! second, and only when the one before is quiet. [`crate::layout`] decides where a tile stands.

mod hints;
mod level;

pub use hints::{Hint, Hints, Microphone};
pub use level::Level;

use crate::time::{Duration, Instant};
use parley_protocol::DeviceId;
use std::collections::BTreeMap;

/// The level at which speech begins.
const LOUD: Level = Level(87);
/// The level below which speech has paused. It is lower than [`LOUD`], so that a ring does not flicker.
const QUIET: Level = Level(77);
/// The longest pause between words.
const PAUSE: Duration = Duration::from_millis(400);
const PROMOTED_AFTER: Duration = Duration::from_millis(1_000);
const DEMOTED_AFTER: Duration = Duration::from_millis(60_000);
/// The longest time between two rounds. After a longer one nothing is known of the time between them.
const GAP: Duration = Duration::from_millis(1_500);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    Ring {
        device: DeviceId,
        on: bool,
    },
    /// A device that has spoken for a second after a silence.
    Promoted(DeviceId),
    /// A device that has been silent for a minute.
    Demoted(DeviceId),
    /// The main speaker.
    Main(Option<DeviceId>),
}

#[derive(Debug, Clone, Copy)]
struct Voice {
    /// The time since which the ring is on.
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
    /// Takes one round of loudness of everybody who is to be considered. A device that is missing has left.
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
    /// Restarts the timers after a gap, since the time in it counts neither as speech nor as silence.
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
