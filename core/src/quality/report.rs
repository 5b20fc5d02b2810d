//! The report after a call: the troubles with their side and duration, and the measures against them.

use super::{Reading, Score, Side, sample::Limit, score};
use crate::time::{Duration, Instant};

/// The shortest trouble in a call that is worth a line. Less than this was a hiccup.
const WORTH_TELLING: Duration = Duration::from_millis(6_000);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// A connection on which nothing arrived.
    Interrupted,
    /// Speech that came late.
    Delay,
    /// Gaps in speech or pictures.
    Loss,
    /// Uneven arrival, by which a voice sounds broken.
    Jitter,
    /// Pictures that stood still.
    Frozen,
    /// An own computer that could not keep up.
    Overload,
}

/// A measure against bad quality, by the app or by the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    VideoReduced,
    VideoPaused,
    VideoTurnedOff,
    /// A person's choice to do without the pictures of the others.
    OthersRefused,
    AudioOnly,
    /// An ICE restart to find another path.
    PathRestarted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    pub wrong: Wrong,
    pub side: Side,
    pub seconds: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallReport {
    pub seconds: u32,
    /// The usual score in the call; `None` for a call too short to tell.
    pub usual: Option<Score>,
    /// The troubles, the longest first.
    pub troubles: Vec<Trouble>,
    /// The measures, with the count of each.
    pub measures: Vec<(Measure, u32)>,
}

#[derive(Debug)]
pub struct Tally {
    began: Instant,
    round_at: Instant,
    /// The milliseconds in each score, the worst first.
    scores: [u64; 5],
    troubles: Vec<(Wrong, Side, u64)>,
    measures: Vec<(Measure, u32)>,
}

const SCORES: [Score; 5] = [Score::Lost, Score::Poor, Score::Fair, Score::Good, Score::Excellent];

impl Tally {
    pub const fn new(now: Instant) -> Self {
        Self { began: now, round_at: now, scores: [0; 5], troubles: Vec::new(), measures: Vec::new() }
    }

    /// Takes the last reading of every link. `fresh` is false when this round brought none, as after a sleep:
    /// then nothing is known of the time since the round before, and it counts for nothing.
    pub fn round<'a>(
        &mut self,
        now: Instant,
        fresh: bool,
        readings: impl Iterator<Item = (&'a Reading, Option<Side>)>,
    ) {
        let took = now.since(self.round_at);
        self.round_at = now;
        if !fresh {
            return;
        }
        let took = u64::try_from(took.as_millis()).unwrap_or(0);
        let mut wrongs: Vec<(Wrong, Side)> = Vec::new();
        let mut scores: Vec<Score> = Vec::new();
        for (reading, side) in readings {
            scores.push(reading.score);
            for wrong in wrongs_of(reading) {
                let side =
                    if wrong == Wrong::Overload { Side::OwnUplink } else { side.unwrap_or(Side::Between) };
                // The same trouble on several links counts once.
                if !wrongs.contains(&(wrong, side)) {
                    wrongs.push((wrong, side));
                }
            }
        }
        if let Some(score) = super::most(&mut scores) {
            self.scores[score as usize] += took;
        }
        for (wrong, side) in wrongs {
            match self.troubles.iter_mut().find(|(w, s, _)| (*w, *s) == (wrong, side)) {
                Some((_, _, ms)) => *ms += took,
                None => self.troubles.push((wrong, side, took)),
            }
        }
    }

    pub fn note(&mut self, measure: Measure) {
        match self.measures.iter_mut().find(|(noted, _)| *noted == measure) {
            Some((_, times)) => *times = times.saturating_add(1),
            None => self.measures.push((measure, 1)),
        }
    }

    pub fn report(&self, now: Instant) -> CallReport {
        let enough = |ms: u64| Duration::from_millis(ms) >= WORTH_TELLING;
        let seconds = |ms: u64| u32::try_from(ms / 1_000).unwrap_or(u32::MAX);
        let mut troubles: Vec<Trouble> = self
            .troubles
            .iter()
            .filter(|(_, _, ms)| enough(*ms))
            .map(|(wrong, side, ms)| Trouble { wrong: *wrong, side: *side, seconds: seconds(*ms) })
            .collect();
        troubles.sort_by_key(|trouble| std::cmp::Reverse(trouble.seconds));
        CallReport {
            seconds: u32::try_from(now.since(self.began).as_secs()).unwrap_or(u32::MAX),
            usual: self.usual().filter(|_| enough(self.scores.iter().sum())),
            troubles,
            measures: self.measures.clone(),
        }
    }

    /// Returns the median score over time.
    fn usual(&self) -> Option<Score> {
        let half = self.scores.iter().sum::<u64>() / 2;
        let mut passed = 0;
        SCORES.into_iter().zip(self.scores).find_map(|(score, ms)| {
            passed += ms;
            (passed > half).then_some(score)
        })
    }
}

fn wrongs_of(reading: &Reading) -> impl Iterator<Item = Wrong> + use<> {
    let loss = [reading.down.loss, reading.up.loss].into_iter().flatten().max().unwrap_or(0);
    let jitter = [reading.down.jitter_ms, reading.up.jitter_ms].into_iter().flatten().max().unwrap_or(0);
    [
        (Wrong::Interrupted, reading.score == Score::Lost),
        (Wrong::Delay, score::of_rtt(reading.rtt_ms).is_bad()),
        (Wrong::Loss, score::of_loss(loss).is_bad()),
        (Wrong::Jitter, score::of_jitter(jitter).is_bad()),
        (Wrong::Frozen, score::of_picture(reading.frozen).is_bad()),
        (Wrong::Overload, reading.limited == Some(Limit::Cpu)),
    ]
    .into_iter()
    .filter_map(|(wrong, holds)| holds.then_some(wrong))
}
