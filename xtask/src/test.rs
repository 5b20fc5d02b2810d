//! `cargo xtask test`: runs every check and every test, and ends with one line that counts the results.
//!
//! A failing step does not stop the later ones. A test that cannot run on this machine is skipped, and listed
//! with the package that is missing; in CI it fails.

mod absence;
mod budget;
mod counts;
mod prepare;
mod quick;
mod selection;
mod stories;
mod suites;
mod times;

pub use suites::browser_env;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::process;
use absence::Absence;
use counts::Counts;
use prepare::Preparation;
use selection::{Selection, Shard};

type Suite = fn(&mut Report, &[String]);

const SUITES: [(&str, Suite); 5] = [
    ("checks", suites::checks),
    ("unit", suites::unit),
    ("server", suites::server),
    ("web", suites::web),
    ("e2e", suites::e2e),
];

/// Runs the suites that the words select, each with filters on the names of its tests; or `quick`.
pub fn run(words: &[String], shard: Option<&str>) -> Result<ExitCode> {
    if let [first, rest @ ..] = words
        && first == "quick"
    {
        ensure!(
            rest.len() < 2 && shard.is_none(),
            "`quick` takes at most one commit to compare with, and no --shard"
        );
        return quick::run(rest.first().map(String::as_str));
    }
    let selection = Selection::parse(words, shard, &SUITES.map(|(name, _)| name))?;
    let wanted: Vec<_> =
        SUITES.into_iter().filter_map(|(name, suite)| Some((name, suite, selection.suite(name)?))).collect();
    // The preparation runs beside other suites. A suite that runs alone builds the page itself.
    let page = wanted.len() > 1 && wanted.iter().any(|(name, ..)| *name == "e2e");
    let mut report = Report { shard: selection.shard, ..Report::default() };
    report.preparation = if page { Some(Preparation::begin()?) } else { None };
    for (_, suite, filters) in wanted {
        suite(&mut report, &filters);
    }
    Ok(report.print())
}

/// The results of the run so far.
#[derive(Default)]
pub struct Report {
    counts: Counts,
    steps: Vec<(String, Duration)>,
    shard: Shard,
    /// Number of steps that were dealt to any of the shards.
    dealt: usize,
    /// The table of the time that stories spent in each phase.
    stories: Option<String>,
    /// The build of the page, which runs beside the suites that do not need it.
    preparation: Option<Preparation>,
}

impl Report {
    /// Runs a step that counts as one test.
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

    /// Runs a step that counts its own tests, if it belongs to this shard. An error counts as a failed test.
    fn timed(&mut self, name: &str, step: impl FnOnce(&mut Counts) -> Result<()>) {
        self.dealt += 1;
        if self.shard.takes(self.dealt - 1) {
            self.shared(name, step);
        }
    }

    /// Runs a step in every shard; the step itself does only the shard's part of the work.
    fn shared(&mut self, name: &str, step: impl FnOnce(&mut Counts) -> Result<()>) {
        process::say(name);
        let started = Instant::now();
        let installing = process::installing();
        if let Err(error) = step(&mut self.counts) {
            println!("{name}: {error:#}");
            self.counts.fail(name);
        }
        // The time of installing is listed separately, because it does not recur.
        let took = started.elapsed().saturating_sub(process::installing().saturating_sub(installing));
        println!("    {name}: {:.1} s", took.as_secs_f32());
        self.steps.push((name.to_owned(), took));
    }

    /// Waits for the build of the page that was started beside the first suites, before a suite that needs
    /// it.
    fn wait_for_preparation(&mut self) {
        if let Some(preparation) = self.preparation.take() {
            self.shared("page and tools, in parallel with the above", |_| preparation.end());
        }
    }

    /// Counts a step that cannot run on this machine, with the program that is missing.
    fn skip_or_fail(&mut self, name: &str, missing: &str) {
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
            self.counts.fail("budget: all tests together took too long");
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
