//! Hints about the own microphone: muted while its person speaks, silent, noisy.

use super::{GAP, LOUD, Level, PAUSE};
use crate::time::{Duration, Instant};

/// The speech into a muted microphone that is worth a hint; a cough is shorter.
const SPEECH: Duration = Duration::from_millis(700);
/// The time for which an open microphone gives nothing at all, not even its own noise.
const SILENT_FOR: Duration = Duration::from_millis(10_000);
/// The time of noise without a pause. Speech has pauses, a fan has none.
const NOISY_FOR: Duration = Duration::from_millis(10_000);
const NOISE: Level = Level(82);
const AGAIN_AFTER: Duration = Duration::from_millis(60_000);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hint {
    /// Speech that nobody hears.
    YouAreMuted,
    SilentMicrophone,
    NoisyMicrophone,
}

/// The state of the own microphone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Microphone {
    /// No capture, about which there is nothing to say.
    #[default]
    Off,
    Muted,
    Open,
}

#[derive(Debug, Clone, Default)]
pub struct Hints {
    microphone: Microphone,
    heard_at: Instant,
    /// The time since which each hint's reason has lasted.
    since: [Option<Instant>; 3],
    loud_at: Instant,
    told_at: [Option<Instant>; 3],
}

impl Hints {
    /// Takes the loudness of the own microphone before muting, and returns the hint that is due.
    pub fn handle(&mut self, now: Instant, microphone: Microphone, level: Level) -> Option<Hint> {
        if microphone != self.microphone || now < self.heard_at || now.since(self.heard_at) > GAP {
            self.since = [None; 3];
            self.microphone = microphone;
        }
        self.heard_at = now;
        if level >= LOUD {
            self.loud_at = now;
        }
        let speaking = level >= LOUD
            || (self.since[Hint::YouAreMuted as usize].is_some() && now.since(self.loud_at) < PAUSE);
        let open = microphone == Microphone::Open;
        [
            (Hint::YouAreMuted, microphone == Microphone::Muted && speaking),
            (Hint::SilentMicrophone, open && level == Level::SILENCE),
            (Hint::NoisyMicrophone, open && level >= NOISE),
        ]
        .into_iter()
        .fold(None, |told, (hint, holds)| {
            let tells = self.watch(now, hint, holds);
            told.or(tells)
        })
    }

    fn watch(&mut self, now: Instant, hint: Hint, holds: bool) -> Option<Hint> {
        let at = hint as usize;
        if !holds {
            self.since[at] = None;
            return None;
        }
        let since = *self.since[at].get_or_insert(now);
        let (lasted, enough) = match hint {
            // The pause after the last word does not count as speech.
            Hint::YouAreMuted => (self.loud_at.since(since), SPEECH),
            Hint::SilentMicrophone => (now.since(since), SILENT_FOR),
            Hint::NoisyMicrophone => (now.since(since), NOISY_FOR),
        };
        let recently = self.told_at[at].is_some_and(|told| now.since(told) < AGAIN_AFTER);
        if lasted < enough || recently {
            return None;
        }
        self.told_at[at] = Some(now);
        Some(hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SPEAKING: Level = Level(100);
    const ROOM: Level = Level(50);
    const FAN: Level = Level(84);

    /// Feeds one level per 100 ms over a time, and returns the moments of the hints.
    fn run(hints: &mut Hints, from: u64, to: u64, microphone: Microphone, level: Level) -> Vec<(u64, Hint)> {
        (from..to)
            .step_by(100)
            .filter_map(|at| Some((at, hints.handle(Instant(at), microphone, level)?)))
            .collect()
    }

    #[test]
    fn a_muted_speaker_is_told_once_a_minute() {
        let told = run(&mut Hints::default(), 0, 130_000, Microphone::Muted, SPEAKING);
        let expect = [700, 60_700, 120_700].map(|at| (at, Hint::YouAreMuted));
        assert_eq!(told, expect);
    }

    #[test]
    fn a_cough_is_no_speech_and_a_pause_is_no_end() {
        let mut hints = Hints::default();
        assert_eq!(run(&mut hints, 0, 600, Microphone::Muted, SPEAKING), []);
        assert_eq!(run(&mut hints, 600, 2_000, Microphone::Muted, ROOM), []);
        assert_eq!(run(&mut hints, 2_000, 2_300, Microphone::Muted, SPEAKING), []);
        assert_eq!(run(&mut hints, 2_300, 2_500, Microphone::Muted, ROOM), []);
        assert_eq!(run(&mut hints, 2_500, 3_000, Microphone::Muted, SPEAKING), [(2_700, Hint::YouAreMuted)]);
    }

    #[test]
    fn speech_before_muting_does_not_count() {
        let mut hints = Hints::default();
        assert_eq!(run(&mut hints, 0, 5_000, Microphone::Open, SPEAKING), []);
        assert_eq!(run(&mut hints, 5_000, 5_600, Microphone::Muted, SPEAKING), []);
    }

    #[test]
    fn a_silent_microphone_gives_a_hint() {
        let mut hints = Hints::default();
        let told = run(&mut hints, 0, 71_000, Microphone::Open, Level::SILENCE);
        assert_eq!(told, [(10_000, Hint::SilentMicrophone), (70_000, Hint::SilentMicrophone)]);
        let quiet_room = run(&mut Hints::default(), 0, 71_000, Microphone::Open, Level(1));
        assert_eq!(quiet_room, []);
        let muted = run(&mut Hints::default(), 0, 71_000, Microphone::Muted, Level::SILENCE);
        assert_eq!(muted, []);
    }

    #[test]
    fn noise_without_pauses_gives_a_hint() {
        let told = run(&mut Hints::default(), 0, 20_000, Microphone::Open, FAN);
        assert_eq!(told, [(10_000, Hint::NoisyMicrophone)]);
        let mut hints = Hints::default();
        for from in (0..60_000).step_by(5_000) {
            assert_eq!(run(&mut hints, from, from + 4_800, Microphone::Open, SPEAKING), []);
            assert_eq!(run(&mut hints, from + 4_800, from + 5_000, Microphone::Open, ROOM), []);
        }
    }

    #[test]
    fn a_sleep_of_the_page_is_not_ten_seconds_of_anything() {
        let mut hints = Hints::default();
        assert_eq!(hints.handle(Instant(0), Microphone::Open, Level::SILENCE), None);
        assert_eq!(hints.handle(Instant(60_000), Microphone::Open, Level::SILENCE), None);
        assert_eq!(hints.handle(Instant(5_000), Microphone::Open, Level::SILENCE), None);
    }

    proptest! {
        #[test]
        fn nothing_is_told_twice_in_a_minute(
            rounds in proptest::collection::vec((0_u64..3_000, 0_u8..=127, 0_u8..3), 0..400),
        ) {
            let mut hints = Hints::default();
            let mut now = 0;
            let mut told: Vec<(u64, Hint)> = Vec::new();
            for (wait, level, microphone) in rounds {
                now += wait;
                let microphone = [Microphone::Off, Microphone::Muted, Microphone::Open][usize::from(microphone)];
                let hint = hints.handle(Instant(now), microphone, Level(level));
                prop_assert!(hint.is_none() || microphone != Microphone::Off);
                if let Some(hint) = hint {
                    let before = told.iter().rev().find(|(_, other)| *other == hint);
                    prop_assert!(before.is_none_or(|(at, _)| now - at >= 60_000));
                    told.push((now, hint));
                }
            }
        }
    }
}
