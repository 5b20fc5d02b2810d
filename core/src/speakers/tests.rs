//! Conversations as scripts of loudness: rings, promotions, the main speaker.

use super::*;
use crate::testing::device;
use proptest::prelude::*;

const SPEECH: Level = Level(100);
const ROOM: Level = Level(40);

/// Builds a round of all three people, of whom some speak.
fn round(speaking: &[u32]) -> Vec<(DeviceId, Level)> {
    (1..=3).map(|n| (device(n), if speaking.contains(&n) { SPEECH } else { ROOM })).collect()
}

/// Runs rounds of 100 ms, and returns the outputs in short with their time.
fn run(speakers: &mut Speakers, from: u64, to: u64, speaking: &[u32]) -> Vec<String> {
    let number = |id: DeviceId| (1..=3).find(|n| device(*n) == id).unwrap_or(0);
    let mut told = Vec::new();
    for at in (from..to).step_by(100) {
        for output in speakers.handle(Instant(at), &round(speaking)) {
            told.push(match output {
                Output::Ring { device, on: true } => format!("{at} ring {}", number(device)),
                Output::Ring { device, on: false } => format!("{at} still {}", number(device)),
                Output::Promoted(device) => format!("{at} promoted {}", number(device)),
                Output::Demoted(device) => format!("{at} demoted {}", number(device)),
                Output::Main(device) => format!("{at} main {}", device.map_or(0, number)),
            });
        }
    }
    told
}

#[test]
fn a_speaker_is_ringed_at_once_and_promoted_after_a_second() {
    let mut speakers = Speakers::default();
    assert_eq!(run(&mut speakers, 0, 1_500, &[1]), ["0 ring 1", "1000 promoted 1", "1000 main 1"]);
    assert_eq!(run(&mut speakers, 1_500, 5_000, &[]), ["1800 still 1"]);
    assert_eq!(speakers.main(), Some(device(1)));
}

#[test]
fn a_short_word_promotes_nobody() {
    let mut speakers = Speakers::default();
    assert_eq!(run(&mut speakers, 0, 500, &[1]), ["0 ring 1"]);
    assert_eq!(run(&mut speakers, 500, 2_000, &[]), ["800 still 1"]);
    assert_eq!(speakers.main(), None);
}

#[test]
fn a_speaker_is_demoted_after_a_minute_of_silence() {
    let mut speakers = Speakers::default();
    run(&mut speakers, 0, 2_000, &[1]);
    assert_eq!(run(&mut speakers, 2_000, 61_900, &[]), ["2300 still 1"]);
    assert_eq!(run(&mut speakers, 61_900, 70_000, &[]), ["61900 demoted 1", "61900 main 0"]);
}

#[test]
fn an_interrupter_becomes_main_only_when_the_other_is_quiet() {
    let mut speakers = Speakers::default();
    run(&mut speakers, 0, 2_000, &[1]);
    assert_eq!(run(&mut speakers, 2_000, 6_000, &[1, 2]), ["2000 ring 2", "3000 promoted 2"]);
    assert_eq!(run(&mut speakers, 6_000, 7_000, &[2]), ["6300 still 1", "6300 main 2"]);
    assert_eq!(run(&mut speakers, 7_000, 7_900, &[1, 2]), ["7000 ring 1"]);
    assert_eq!(speakers.main(), Some(device(2)));
}

#[test]
fn a_main_speaker_who_leaves_is_main_no_longer() {
    let mut speakers = Speakers::default();
    run(&mut speakers, 0, 2_000, &[1]);
    let outputs = speakers.handle(Instant(2_000), &[(device(2), ROOM)]);
    assert_eq!(outputs, [Output::Main(None)]);
}

#[test]
fn a_sleep_of_the_page_is_neither_speech_nor_silence() {
    let mut speakers = Speakers::default();
    assert_eq!(run(&mut speakers, 0, 100, &[1]), ["0 ring 1"]);
    assert_eq!(run(&mut speakers, 50_000, 50_900, &[1]), [""; 0]);
    assert_eq!(run(&mut speakers, 50_900, 51_100, &[1]), ["51000 promoted 1", "51000 main 1"]);
    assert_eq!(run(&mut speakers, 500_000, 500_100, &[]), [""; 0]);
}

proptest! {
    #[test]
    fn the_main_speaker_is_present_and_has_spoken_for_a_second(
        rounds in proptest::collection::vec((50_u64..500, 0_u8..8, 0_u8..8), 1..300),
    ) {
        let mut speakers = Speakers::default();
        let mut now = 0;
        for (wait, present, speaking) in rounds {
            now += wait;
            let levels: Vec<_> = (0..3)
                .filter(|n| present & (1 << n) != 0)
                .map(|n| (device(n), if speaking & (1 << n) != 0 { SPEECH } else { ROOM }))
                .collect();
            let before = speakers.main();
            let outputs = speakers.handle(Instant(now), &levels);
            let main = speakers.main();
            prop_assert_eq!(before != main, outputs.contains(&Output::Main(main)));
            if let Some(main) = main {
                prop_assert!(levels.iter().any(|(device, _)| *device == main));
                if before != Some(main) {
                    prop_assert!(speakers.is_ringed(main));
                    prop_assert!(before.is_none_or(|before| !speakers.is_ringed(before)));
                }
            }
            for (device, level) in levels {
                prop_assert!(level < LOUD || speakers.is_ringed(device), "the ring follows at once");
            }
        }
    }
}
