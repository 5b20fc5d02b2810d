//! Scripts of calls on lines of some quality: warnings, actions, history, batches and reports.

use super::*;
use crate::testing::device;
use proptest::prelude::*;
use sample::{Kind, Path, Received, ReceiverReport, Sent};

/// A line with its quality; its counters grow accordingly.
#[derive(Debug, Clone, Copy)]
struct Line {
    rtt_ms: u32,
    /// The losses among 100 packets of voice in each direction.
    lost_down: i64,
    lost_up: i64,
    up: bool,
}

const FINE: Line = Line { rtt_ms: 40, lost_down: 0, lost_up: 0, up: true };
const LOSSY_UP: Line = Line { lost_up: 5, ..FINE };
const LOSSY_DOWN: Line = Line { lost_down: 5, ..FINE };
const TERRIBLE: Line = Line { lost_down: 20, lost_up: 20, ..FINE };
const FAR: Line = Line { rtt_ms: 400, ..FINE };
const CUT: Line = Line { up: false, ..FINE };

const VIDEO: Around = Around { server_rtt_ms: Some(30), sends_video: true, receives_video: true };

struct Call {
    quality: Quality,
    now: u64,
    counters: Vec<Sample>,
}

impl Call {
    fn new(others: usize) -> Self {
        let sample = Sample {
            received: vec![Received { ssrc: 1, ..Received::default() }],
            sent: vec![Sent { ssrc: 2, report: Some(ReceiverReport::default()), ..Sent::default() }],
            expects_audio: true,
            ..Sample::default()
        };
        Self { quality: Quality::new(Instant(0)), now: 0, counters: vec![sample; others] }
    }

    /// Runs rounds of two seconds on these lines, and returns the call's indicator after each.
    fn run(&mut self, rounds: usize, lines: &[Line]) -> Vec<Option<Indicator>> {
        (0..rounds).map(|_| self.round(lines)).collect()
    }

    fn round(&mut self, lines: &[Line]) -> Option<Indicator> {
        self.now += 2_000;
        for (sample, line) in self.counters.iter_mut().zip(lines) {
            sample.path = line.up.then_some(Path { rtt_ms: Some(line.rtt_ms), ..Path::default() });
            let [received] = &mut sample.received[..] else { panic!() };
            received.packets += u64::try_from(100 - line.lost_down).unwrap();
            received.lost += line.lost_down;
            let [Sent { packets, report: Some(report), kind: Kind::Audio, .. }] = &mut sample.sent[..] else {
                panic!()
            };
            *packets += 100;
            report.lost += line.lost_up;
            report.number += 1;
        }
        let samples =
            (0..).zip(&self.counters[..lines.len()]).map(|(n, sample)| (device(n), sample.clone())).collect();
        self.quality.round(Instant(self.now), VIDEO, samples);
        self.quality.indicator()
    }
}

fn fair(side: Side, action: Option<Action>) -> Indicator {
    Indicator { score: Score::Fair, side, action }
}

#[test]
fn the_indicator_is_silent_while_good_and_slow_to_change() {
    let mut call = Call::new(1);
    assert_eq!(call.run(20, &[FINE]), [None; 20]);
    let warned = Some(fair(Side::OwnUplink, Some(Action::TurnOffVideo)));
    assert_eq!(call.run(3, &[LOSSY_UP]), [None, None, warned]);
    let clearing = call.run(5, &[FINE]);
    assert_eq!(clearing[..4], [warned; 4], "the same until it is gone");
    assert_eq!(clearing[4], None);
}

#[test]
fn two_bad_samples_are_no_warning() {
    let mut call = Call::new(1);
    for _ in 0..10 {
        assert_eq!(call.run(2, &[TERRIBLE]), [None; 2]);
        assert_eq!(call.run(1, &[FINE]), [None]);
    }
}

#[test]
fn the_indicator_names_the_side() {
    let shows = |lines: &[Line]| {
        let mut call = Call::new(lines.len());
        *call.run(8, lines).last().unwrap()
    };
    assert_eq!(shows(&[LOSSY_DOWN]), Some(fair(Side::Theirs, Some(Action::RefuseVideo))));
    assert_eq!(shows(&[FAR]), Some(fair(Side::Between, Some(Action::AudioOnly))));
    assert_eq!(shows(&[LOSSY_UP, LOSSY_UP, FINE]), Some(fair(Side::OwnUplink, Some(Action::TurnOffVideo))));
    assert_eq!(shows(&[LOSSY_DOWN, LOSSY_DOWN]), Some(fair(Side::OwnDownlink, Some(Action::RefuseVideo))));
    assert_eq!(shows(&[LOSSY_DOWN, FINE]), None, "one of two is on their tile");
}

#[test]
fn one_bad_link_of_several_is_on_its_tile() {
    let mut call = Call::new(3);
    assert_eq!(call.run(8, &[FINE, TERRIBLE, FINE]), [None; 8]);
    let tile = call.quality.link_indicator(device(1));
    assert_eq!(tile, Some(Indicator { score: Score::Poor, side: Side::Theirs, action: None }));
    assert_eq!(call.quality.link_indicator(device(0)), None);
    assert_eq!(call.quality.link_indicator(device(9)), None);
}

#[test]
fn a_lost_line_is_shown_at_once_without_an_action() {
    let mut call = Call::new(1);
    call.run(3, &[FINE]);
    let lost = call.run(1, &[CUT])[0];
    assert_eq!(lost.map(|shown| (shown.score, shown.action)), Some((Score::Lost, None)));
    let back = call.run(5, &[FINE]);
    assert_eq!(back[0].map(|shown| shown.score), Some(Score::Fair));
    assert_eq!(back[4].map(|shown| shown.score), Some(Score::Fair));
    assert_eq!(call.run(1, &[FINE]), [None]);
}

#[test]
fn a_link_that_is_gone_is_forgotten() {
    let mut call = Call::new(2);
    call.run(8, &[TERRIBLE, TERRIBLE]);
    call.run(1, &[TERRIBLE]);
    assert!(call.quality.link(device(0)).is_some());
    assert!(call.quality.link(device(1)).is_none());
}

#[test]
fn keeps_five_minutes_for_the_plots() {
    let mut call = Call::new(1);
    call.run(400, &[FINE]);
    let link = call.quality.link(device(0)).unwrap();
    assert_eq!(link.history().len(), 151);
    assert_eq!(link.history().next().map(|(at, _)| at.0), Some(500_000));
    assert_eq!(link.reading().map(|reading| reading.rtt_ms), Some(Some(40)));
    assert_eq!(link.score(), Score::Excellent);
}

#[test]
fn five_seconds_are_sent_together() {
    let mut call = Call::new(2);
    let mut sent = Vec::new();
    for _ in 0..10 {
        call.round(&[FINE, FINE]);
        if let Some(batch) = call.quality.take_batch(Instant(call.now)) {
            sent.push((call.now, batch.len()));
        }
    }
    // The first round has nothing to compare with.
    assert_eq!(sent, [(6_000, 4), (12_000, 6), (18_000, 6)]);
    call.run(500, &[FINE, FINE]);
    assert_eq!(call.quality.take_batch(Instant(call.now)).map(|batch| batch.len()), Some(64));
    assert_eq!(call.quality.take_batch(Instant(call.now + 60_000)), None);
}

#[test]
fn the_report_names_troubles_and_measures() {
    let mut call = Call::new(1);
    call.run(31, &[FINE]);
    call.run(10, &[LOSSY_UP]);
    call.quality.note(Measure::VideoTurnedOff);
    call.run(2, &[FAR]);
    call.run(4, &[CUT]);
    call.quality.note(Measure::PathRestarted);
    call.quality.note(Measure::PathRestarted);
    call.run(3, &[FINE]);
    let report = call.quality.report(Instant(call.now));
    assert_eq!(report.seconds, 100);
    assert_eq!(report.usual, Some(Score::Excellent));
    let told: Vec<_> = report.troubles.iter().map(|trouble| (trouble.wrong, trouble.seconds)).collect();
    let loss: u32 = told.iter().filter(|(wrong, _)| *wrong == Wrong::Loss).map(|(_, seconds)| seconds).sum();
    assert!((18..=22).contains(&loss), "{told:?}");
    assert!(told.contains(&(Wrong::Interrupted, 8)), "{told:?}");
    assert!(!told.iter().any(|(wrong, _)| *wrong == Wrong::Delay), "four seconds are a hiccup: {told:?}");
    assert_eq!(report.measures, [(Measure::VideoTurnedOff, 1), (Measure::PathRestarted, 2)]);
}

#[test]
fn a_call_too_short_has_no_usual_score() {
    let mut call = Call::new(1);
    call.run(3, &[FINE]);
    let report = call.quality.report(Instant(call.now));
    assert_eq!((report.usual, report.troubles.len()), (None, 0));
}

#[test]
fn a_sleep_of_the_page_counts_for_nothing() {
    let mut call = Call::new(1);
    call.run(10, &[FINE]);
    call.now += 3_600_000;
    assert_eq!(call.run(2, &[FINE]), [None; 2]);
    let report = call.quality.report(Instant(call.now));
    assert_eq!(report.troubles, []);
    assert_eq!(report.usual, Some(Score::Excellent));
}

#[test]
fn a_change_is_reported_until_the_report_arrives() {
    let mut call = Call::new(1);
    call.run(2, &[TERRIBLE]);
    assert_eq!(call.quality.unreported_change(), None, "not shown yet");
    call.run(2, &[TERRIBLE]);
    let bad = call.quality.unreported_change().unwrap();
    assert!(bad.is_bad());
    // The report was lost: the next one says it again.
    call.run(1, &[TERRIBLE]);
    assert!(call.quality.unreported_change().unwrap().is_bad());
    call.quality.note_reported(bad);
    call.run(20, &[TERRIBLE]);
    assert_eq!(call.quality.unreported_change(), None, "worse or milder, it stays bad");
    call.run(20, &[FINE]);
    let good = call.quality.unreported_change().unwrap();
    assert!(!good.is_bad());
    call.quality.note_reported(good);
    assert_eq!(call.quality.unreported_change(), None);
}

/// Checks that a tab that takes over from another one reports a line that has recovered meanwhile, and not before
/// it can know.
#[test]
fn a_fresh_tab_reports_a_good_line_once_it_is_sure() {
    let mut call = Call::new(1);
    call.run(5, &[FINE]);
    assert_eq!(call.quality.unreported_change(), None, "the first sample has nothing to compare with");
    call.run(1, &[FINE]);
    assert!(call.quality.unreported_change().is_some_and(|score| !score.is_bad()));
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (0_u32..900, 0_i64..30, 0_i64..30, proptest::bool::weighted(0.95))
        .prop_map(|(rtt_ms, lost_down, lost_up, up)| Line { rtt_ms, lost_down, lost_up, up });
    proptest::collection::vec(line, 1..4)
}

proptest! {
    #[test]
    fn an_indicator_is_bad_and_its_action_is_of_use(
        script in proptest::collection::vec((lines(), 1_usize..6), 1..20),
    ) {
        let mut call = Call::new(4);
        for (lines, rounds) in script {
            call.run(rounds, &lines);
            let tiles = (0..4).filter_map(|n| call.quality.link_indicator(device(n)));
            for shown in tiles.chain(call.quality.indicator()) {
                prop_assert!(shown.score.is_bad());
                let of_use = shown.score != Score::Lost && (shown.side != Side::Theirs || lines.len() == 1);
                prop_assert!(shown.action.is_none() || of_use);
            }
            let report = call.quality.report(Instant(call.now));
            prop_assert!(report.troubles.iter().all(|trouble| trouble.seconds <= report.seconds));
        }
    }
}
