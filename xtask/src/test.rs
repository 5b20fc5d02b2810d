//! `cargo xtask test`: every check and every test, and one line at the end that says how it went.
//!
//! A failing step does not stop the later ones. What cannot run on this machine is skipped by name, with the
//! package that is missing; in CI it fails.

mod absence;
mod asked;
mod budget;
mod counts;
mod prepare;
mod quick;
mod stories;
mod suites;
mod times;

pub use suites::browser_env;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::process;
use absence::Absence;
use asked::{Asked, Shard};
use counts::Counts;
use prepare::Preparation;

type Suite = fn(&mut Report, &[String]);

const SUITES: [(&str, Suite); 5] = [
    ("checks", suites::checks),
    ("unit", suites::unit),
    ("server", suites::server),
    ("web", suites::web),
    ("e2e", suites::e2e),
];

/// Runs what the words ask for: suites, each with parts of the names of those tests in it that shall run, or `quick`.
pub fn run(words: &[String], shard: Option<&str>) -> Result<ExitCode> {
    if let [first, rest @ ..] = words
        && first == "quick"
    {
        ensure!(rest.len() < 2 && shard.is_none(), "`quick` takes the commit to compare with, and no more");
        return quick::run(rest.first().map(String::as_str));
    }
    let asked = Asked::parse(words, shard, &SUITES.map(|(name, _)| name))?;
    let wanted: Vec<_> =
        SUITES.into_iter().filter_map(|(name, suite)| Some((name, suite, asked.suite(name)?))).collect();
    // One suite alone prepares itself; there is nothing to run beside it.
    let page = wanted.len() > 1 && wanted.iter().any(|(name, ..)| *name == "e2e");
    let mut report = Report { shard: asked.shard, ..Report::default() };
    report.preparation = if page { Some(Preparation::begin()?) } else { None };
    for (_, suite, filters) in wanted {
        suite(&mut report, &filters);
    }
    Ok(report.print())
}

/// What has happened so far.
#[derive(Default)]
pub struct Report {
    counts: Counts,
    steps: Vec<(String, Duration)>,
    shard: Shard,
    /// Steps that were dealt, to this share of the tests or to another.
    dealt: usize,
    /// Where the time of the stories went.
    stories: Option<String>,
    /// What goes on beside the suites that do not need it.
    preparation: Option<Preparation>,
}

impl Report {
    /// A step that is one test by itself.
    fn single(&mut self, name: &str, step: impl FnOnce() -> Result<bool>) {
        self.timed(name, |counts| {
            if step()? {
                counts.passed += 1;
            } else {
                counts.fail(name);
            }
            Ok(())
        });
    }

    /// A step that counts its own tests. One that breaks off counts as a failed test.
    fn timed(&mut self, name: &str, step: impl FnOnce(&mut Counts) -> Result<()>) {
        self.dealt += 1;
        if self.shard.takes(self.dealt - 1) {
            self.shared(name, step);
        }
    }

    /// A step of which every share of the tests does a part.
    fn shared(&mut self, name: &str, step: impl FnOnce(&mut Counts) -> Result<()>) {
        process::say(name);
        let started = Instant::now();
        let installing = process::installing();
        if let Err(error) = step(&mut self.counts) {
            println!("{name}: {error:#}");
            self.counts.fail(name);
        }
        // What is installed once is listed by itself.
        let took = started.elapsed().saturating_sub(process::installing().saturating_sub(installing));
        println!("    {name}: {:.1} s", took.as_secs_f32());
        self.steps.push((name.to_owned(), took));
    }

    /// Waits for what was begun beside the first suites, before a suite that needs it.
    fn prepared(&mut self) {
        if let Some(preparation) = self.preparation.take() {
            self.shared("page and tools, beside the above", |_| preparation.end());
        }
    }

    /// A step that cannot run on this machine, because of what is missing.
    fn lacks(&mut self, name: &str, missing: &str) {
        Absence::here().count(&mut self.counts, name, missing);
    }

    fn print(mut self) -> ExitCode {
        if let Some(times) = &self.stories {
            println!("\nStories\n{times}");
        }
        println!("\nTime");
        for (name, took) in &self.steps {
            println!("  {:>7.1} s  {name}", took.as_secs_f32());
        }
        let installed = process::installed();
        if !installed.is_empty() {
            println!("\nInstalled");
            for (what, took) in installed {
                println!("  {:>7.1} s  {what}", took.as_secs_f32());
            }
        }
        let (budget, over) = budget::spent(&self.steps);
        println!("\nBudget\n{budget}");
        if over {
            self.counts.fail("the budget: all tests together took too long");
        }
        if !self.counts.skipped.is_empty() {
            println!("\nSkipped");
            for (name, reason) in &self.counts.skipped {
                println!("  {name}: {reason}");
            }
        }
        if !self.counts.failures.is_empty() {
            println!("\nFailed");
            for name in &self.counts.failures {
                println!("  {name}");
            }
        }
        println!("\n{}", self.counts.summary());
        if self.counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
