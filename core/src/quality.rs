//! The quality of the connections: from the browser's counters to one indicator, plots and a report.
//!
//! ```text
//!   getStats, every 2 s ─► reading of each link ─► score ─► standing (3 worse to warn, 5 better to clear)
//!                             │                               ├─► indicator: score, whose side, one action
//!                             ├─► history of five minutes     └─► pressure for `adapt`
//!                             ├─► batch for the server, every 5 s; facts of a connection, when they change
//!                             └─► tally ─► report after the call
//! ```
//!
//! The indicator is silent while the quality is good. One bad link among several is a problem of the other
//! side and shown on their tile; when most links are bad, it is the own side's. Nothing here changes what is
//! sent, which is up to [`crate::adapt`].

mod batch;
mod connection;
mod flow;
mod reading;
mod report;
pub mod sample;
mod score;
mod side;
mod standing;

pub use batch::Measured;
pub use connection::{ConnectionFacts, ice_ufrag};
pub use flow::Flow;
pub use reading::{Picture, Reading};
pub use report::{CallReport, Measure, Trouble, Wrong};
pub use sample::Sample;
pub use score::Score;
pub use side::{Action, Around, Side};
pub use standing::Standing;

pub(crate) use score::of_loss;

use crate::time::{Duration, Instant};
use batch::Batch;
use connection::Connections;
use parley_protocol::DeviceId;
use reading::Reader;
use report::Tally;
use side::{Fault, Way};
use std::collections::{BTreeMap, VecDeque};

/// The time that the plots show.
const HISTORY: Duration = Duration::from_millis(300_000);
/// The most readings in a history, however often samples come.
const HISTORY_MAX: usize = 200;
/// The last readings that a fault is looked for in.
const RECENT: usize = 5;
/// The readings among them that must show it.
const FAULTS_ENOUGH: usize = 2;
/// The rounds after which the shown score is more than the one that every call begins with.
const SETTLED: u32 = 5;

/// A warning about the quality. There is none while the quality is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indicator {
    pub score: Score,
    pub side: Side,
    pub action: Option<Action>,
}

/// The quality of the connection to one remote device.
#[derive(Debug, Default)]
pub struct LinkMonitor {
    reader: Reader,
    standing: Standing,
    history: VecDeque<(Instant, Reading)>,
    fault: Fault,
}

#[derive(Debug)]
pub struct Quality {
    links: BTreeMap<DeviceId, LinkMonitor>,
    overall: Standing,
    around: Around,
    batch: Batch,
    connections: Connections,
    tally: Tally,
    /// The last shown score that the server has received.
    reported: Option<Score>,
    /// The rounds with a score.
    rounds: u32,
}

impl Quality {
    pub fn new(now: Instant) -> Self {
        Self {
            links: BTreeMap::new(),
            overall: Standing::default(),
            around: Around::default(),
            batch: Batch::new(now),
            connections: Connections::default(),
            tally: Tally::new(now),
            reported: None,
            rounds: 0,
        }
    }

    /// Takes the samples of all links, every two seconds. A link without one is gone.
    pub fn round(&mut self, now: Instant, around: Around, samples: Vec<(DeviceId, Sample)>) {
        self.around = around;
        self.connections.round(&samples);
        self.links.retain(|device, _| samples.iter().any(|(sampled, _)| sampled == device));
        let mut scores = Vec::with_capacity(samples.len());
        for (device, sample) in samples {
            let link = self.links.entry(device).or_default();
            if let Some(reading) = link.sample(now, sample) {
                scores.push(reading.score);
                self.batch.add(Measured { device, at: now, reading });
            }
        }
        if let Some(score) = most(&mut scores) {
            self.overall.sample(score);
            self.rounds = self.rounds.saturating_add(1);
        }
        let faults: Vec<Fault> = self.links.values().map(|link| link.fault).collect();
        let sides = side::sides(&faults, self.around);
        let readings =
            self.links.values().zip(&sides).filter_map(|(link, side)| Some((link.reading()?, *side)));
        self.tally.round(now, !scores.is_empty(), readings);
    }

    /// Notes a measure that was taken against bad quality, for the report.
    pub fn note(&mut self, measure: Measure) {
        self.tally.note(measure);
    }

    /// Returns the warning about the whole call.
    pub fn indicator(&self) -> Option<Indicator> {
        let score = self.overall.shown();
        let sides = self.sides();
        // Of several faults one on the own side is shown, because the person can do something about it.
        let side = sides.iter().flatten().copied().min().unwrap_or(Side::Between);
        score.is_bad().then(|| self.indicate(score, side))
    }

    /// Returns the warning about one link, for its tile.
    pub fn link_indicator(&self, device: DeviceId) -> Option<Indicator> {
        let score = self.links.get(&device)?.standing.shown();
        let at = self.links.keys().position(|link| *link == device)?;
        let side = self.sides().get(at).copied().flatten().unwrap_or(Side::Between);
        score.is_bad().then(|| self.indicate(score, side))
    }

    pub fn link(&self, device: DeviceId) -> Option<&LinkMonitor> {
        self.links.get(&device)
    }

    /// Takes the readings for the server once they cover five seconds.
    pub fn take_batch(&mut self, now: Instant) -> Option<Vec<Measured>> {
        self.batch.take(now)
    }

    /// Takes the connections that have come up or changed since the server heard of them.
    pub fn take_connections(&mut self) -> Vec<(DeviceId, ConnectionFacts)> {
        self.connections.take()
    }

    /// Returns the shown score when it has turned bad, or good again, since the server last heard of it.
    pub fn unreported_change(&self) -> Option<Score> {
        let shown = self.overall.shown();
        match self.reported {
            Some(reported) => (shown.is_bad() != reported.is_bad()).then_some(shown),
            // An earlier tab of this person may have reported a bad line. What this one shows counts once it
            // has measured long enough to have warned.
            None => (shown.is_bad() || self.rounds >= SETTLED).then_some(shown),
        }
    }

    /// Notes that a report with this [change](Self::unreported_change) has arrived.
    pub fn note_reported(&mut self, score: Score) {
        self.reported = Some(score);
    }

    pub fn report(&self, now: Instant) -> CallReport {
        self.tally.report(now)
    }

    fn sides(&self) -> Vec<Option<Side>> {
        let faults: Vec<Fault> = self.links.values().map(|link| link.fault).collect();
        side::sides(&faults, self.around)
    }

    fn indicate(&self, score: Score, side: Side) -> Indicator {
        // Where nothing arrives, sending less does not help. And one weak line of several is no reason to do
        // without everybody's pictures.
        let pointless = score == Score::Lost || (side == Side::Theirs && self.links.len() > 1);
        let action = if pointless { None } else { side::action(side, self.around) };
        Indicator { score, side, action }
    }
}

impl LinkMonitor {
    /// Returns the last reading.
    pub fn reading(&self) -> Option<&Reading> {
        self.history.back().map(|(_, reading)| reading)
    }

    /// Returns the score that is shown, which changes slowly.
    pub fn score(&self) -> Score {
        self.standing.shown()
    }

    /// Returns the readings of the last minutes, the oldest first.
    pub fn history(&self) -> impl ExactSizeIterator<Item = &(Instant, Reading)> {
        self.history.iter()
    }

    fn sample(&mut self, now: Instant, sample: Sample) -> Option<Reading> {
        let reading = self.reader.read(now, sample)?;
        self.standing.sample(reading.score);
        let past = |at: &Instant| *at > now || now.since(*at) > HISTORY;
        while self.history.front().is_some_and(|(at, _)| past(at)) || self.history.len() >= HISTORY_MAX {
            self.history.pop_front();
        }
        self.history.push_back((now, reading));
        let fault = self.recent_fault();
        // While a warning is shown that is clearing already, its fault stays what it was.
        if fault.any() || !self.score().is_bad() {
            self.fault = fault;
        }
        Some(reading)
    }

    /// Finds the faults that more than one of the last readings show.
    fn recent_fault(&self) -> Fault {
        let often = |wrong: fn(&Reading) -> bool| {
            let recent = self.history.iter().rev().take(RECENT);
            recent.filter(|(_, reading)| wrong(reading)).count() >= FAULTS_ENOUGH
        };
        let lost = self.reading().is_some_and(|reading| reading.score == Score::Lost);
        Fault {
            way: Way::of(
                lost || often(|reading| side::is_bad_without_delay(&reading.up)),
                lost || often(is_bad_down),
            ),
            delay: often(|reading| score::of_rtt(reading.rtt_ms).is_bad()),
            limited: often(|reading| reading.limited == Some(sample::Limit::Bandwidth)),
        }
    }
}

fn is_bad_down(reading: &Reading) -> bool {
    side::is_bad_without_delay(&reading.down) || score::of_picture(reading.frozen).is_bad()
}

/// Returns the score that more than half of the links do not exceed; of two, the better one.
fn most(scores: &mut [Score]) -> Option<Score> {
    scores.sort_unstable();
    scores.get(scores.len() / 2).copied()
}

#[cfg(test)]
mod tests;
