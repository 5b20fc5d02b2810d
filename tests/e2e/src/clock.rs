//! The time that a story spends, by phase.
//!
//! Two people may do different things at once; the moment then counts for the phase that comes first in
//! [`Phase`].

use std::{
    env,
    fs::File,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

tokio::task_local! {
    static CLOCK: Clock;
}

/// The kinds of work that the time of a story is spent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The end of browsers, server and network.
    Ending,
    /// The start of browsers, server and network.
    Starting,
    /// Signing in and becoming acquainted.
    Meeting,
    /// Checking that a state holds for a time, or counting over a time.
    Measuring,
    /// Waiting for a state that did not hold at the first look.
    Waiting,
}

const PHASES: [(Phase, &str); 5] = [
    (Phase::Ending, "ending"),
    (Phase::Starting, "starting"),
    (Phase::Meeting, "meeting"),
    (Phase::Measuring, "measuring"),
    (Phase::Waiting, "waiting"),
];
/// The index of everything else: clicks, questions to the page, reading statistics.
const ACTING: usize = PHASES.len();

/// The times of one story.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Mutex<Times>>);

#[derive(Debug)]
struct Times {
    since: Instant,
    active: [usize; PHASES.len()],
    spent: [Duration; PHASES.len() + 1],
}

impl Clock {
    pub fn start() -> Self {
        let times = Times { since: Instant::now(), active: Default::default(), spent: Default::default() };
        Self(Arc::new(Mutex::new(times)))
    }

    /// Runs a story and counts its phases.
    pub async fn time<T>(&self, story: impl Future<Output = T>) -> T {
        CLOCK.scope(self.clone(), story).await
    }

    fn change(&self, phase: Phase, change: impl FnOnce(&mut usize)) {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        times.turn(Instant::now());
        change(&mut times.active[phase as usize]);
    }

    /// Appends the story's times to the file that `PARLEY_STORY_TIMES` names: one line with name and seconds
    /// by phase, separated by tabs.
    pub fn write(&self, story: &str) {
        let Some(file) = env::var_os("PARLEY_STORY_TIMES") else { return };
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        times.turn(Instant::now());
        let phases = PHASES.map(|(phase, name)| (name, phase as usize));
        let line =
            phases.into_iter().chain([("acting", ACTING)]).fold(story.to_owned(), |line, (name, at)| {
                format!("{line}\t{name}={:.2}", times.spent[at].as_secs_f64())
            });
        let written = File::options().create(true).append(true).open(file);
        if let Err(error) = written.and_then(|mut file| writeln!(file, "{line}")) {
            eprintln!("the times of this story are lost: {error}");
        }
    }
}

impl Times {
    /// Adds the time since the last change to the first active phase.
    fn turn(&mut self, now: Instant) {
        let phase = self.active.iter().position(|&active| active > 0).unwrap_or(ACTING);
        self.spent[phase] += now.saturating_duration_since(self.since);
        self.since = now;
    }
}

/// A guard: the phase goes on until it is dropped.
#[derive(Debug)]
pub struct During(Option<Clock>, Phase);

/// Begins a phase of the current story. Outside of a story nothing is counted.
pub fn during(phase: Phase) -> During {
    let clock = CLOCK.try_with(Clone::clone).ok();
    if let Some(clock) = &clock {
        clock.change(phase, |active| *active += 1);
    }
    During(clock, phase)
}

impl Drop for During {
    fn drop(&mut self) {
        if let Some(clock) = &self.0 {
            clock.change(self.1, |active| *active -= 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_moment_counts_once_for_the_first_phase_that_goes_on() {
        let clock = Clock::start();
        clock
            .time(async {
                let _meeting = during(Phase::Meeting);
                let _waiting = during(Phase::Waiting);
            })
            .await;
        let mut times = clock.0.lock().unwrap();
        assert_eq!(times.active, [0; PHASES.len()]);
        let second = Duration::from_secs(1);
        times.spent = Default::default();
        times.active = [0, 0, 1, 0, 2];
        let now = times.since + second;
        times.turn(now);
        times.active = [0; PHASES.len()];
        times.turn(now + second);
        assert_eq!((times.spent[Phase::Meeting as usize], times.spent[ACTING]), (second, second));
        assert_eq!(times.spent.iter().sum::<Duration>(), 2 * second);
    }

    #[test]
    fn outside_of_a_story_nothing_is_counted() {
        assert!(during(Phase::Waiting).0.is_none());
    }
}
