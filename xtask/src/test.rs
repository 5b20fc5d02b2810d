//! `cargo xtask test`: every check and every test, and one line at the end that says how it went.
//!
//! A failing step does not stop the later ones. What cannot run on this machine is skipped by name, with the
//! package that is missing; in CI it fails.

mod absence;
mod counts;
mod stories;
mod suites;

pub use suites::browser_env;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::process;
use absence::Absence;
use counts::Counts;

type Suite = fn(&mut Report);

const SUITES: [(&str, Suite); 5] = [
    ("checks", suites::checks),
    ("unit", suites::unit),
    ("server", suites::server),
    ("web", suites::web),
    ("e2e", suites::e2e),
];

pub fn run(wanted: &[String]) -> Result<ExitCode> {
    if let Some(unknown) = wanted.iter().find(|name| SUITES.iter().all(|(known, _)| known != name)) {
        let known = SUITES.map(|(name, _)| name).join(", ");
        bail!("there is no suite `{unknown}`; the suites are {known}");
    }
    let mut report = Report::default();
    for (name, suite) in SUITES {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            suite(&mut report);
        }
    }
    Ok(report.print())
}

/// What has happened so far.
#[derive(Default)]
pub struct Report {
    counts: Counts,
    steps: Vec<(String, Duration)>,
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
        process::say(name);
        let started = Instant::now();
        if let Err(error) = step(&mut self.counts) {
            println!("{name}: {error:#}");
            self.counts.fail(name);
        }
        let took = started.elapsed();
        println!("    {name}: {:.1} s", took.as_secs_f32());
        self.steps.push((name.to_owned(), took));
    }

    /// A step that cannot run on this machine, because of what is missing.
    fn lacks(&mut self, name: &str, missing: &str) {
        Absence::here().count(&mut self.counts, name, missing);
    }

    fn print(&self) -> ExitCode {
        println!("\nTime");
        for (name, took) in &self.steps {
            println!("  {:>7.1} s  {name}", took.as_secs_f32());
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
