//! The suites: which commands they are, and what they need of the machine.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use super::Report;
use super::absence::Absence;
use super::counts::Counts;
use super::quick::Choice;
use super::stories::{self, Present};
use super::times;
use crate::build::{self, Profile, cargo};
use crate::tools::{self, Browser};
use crate::{paths, process, tidy};

const WASM: &str = "--target=wasm32-unknown-unknown";
/// Seconds that one wasm test may take, on a slow machine that compiles beside it.
const WEB_TIMEOUT: &str = "120";

/// Format, rules of the code base, lints.
pub fn checks(report: &mut Report, _: &[String]) {
    rules(report);
    lints_of_server(report);
    lints_of_page(report);
}

fn rules(report: &mut Report) {
    report
        .single("format", || process::lines("format", &mut cargo(["fmt", "--all", "--", "--check"]), |_| ()));
    report.single("tidy", || tidy::passes(&paths::root()));
}

fn lints_of_server(report: &mut Report) {
    report.single("clippy: server and tools", || {
        fs::create_dir_all(paths::dist())?;
        let args = ["clippy", "--workspace", "--exclude=parley", "--all-targets", "--", "-Dwarnings"];
        process::lines("clippy", &mut cargo(args), |_| ())
    });
}

fn lints_of_page(report: &mut Report) {
    report.single("clippy: page", || {
        tools::wasm_target()?;
        let args = ["clippy", "--package=parley", WASM, "--lib", "--bins", "--tests", "--", "-Dwarnings"];
        process::lines("clippy", &mut cargo(args), |_| ())
    });
}

/// Format and rules, and the lints of what changed.
pub fn quick_checks(report: &mut Report, choice: &Choice) {
    rules(report);
    if choice.native {
        lints_of_server(report);
    }
    if choice.page {
        lints_of_page(report);
    }
}

/// The machines, the wire types, these commands.
pub fn unit(report: &mut Report, filters: &[String]) {
    let packages = ["parley-protocol", "parley-core", "parley-bench", "parley-fuzz", "xtask"];
    unit_of(report, &packages.map(str::to_owned).into(), filters);
}

pub fn unit_of(report: &mut Report, packages: &BTreeSet<String>, filters: &[String]) {
    let mut command = cargo(["test"]);
    command.args(packages.iter().map(|package| format!("--package={package}")));
    report.timed("unit", |counts| cargo_test("unit", counts, &mut command, filters));
}

/// The whole server twice: alone on SQLite, and as one of several on PostgreSQL and Redis, which the tests start
/// themselves.
pub fn server(report: &mut Report, filters: &[String]) {
    server_alone(report, filters);
    let scaled = "server: on PostgreSQL and Redis";
    match (flat(tools::postgres()), flat(tools::redis())) {
        (Ok(_), Ok(_)) => report.timed(scaled, |counts| {
            let mut command = server_tests(&["--test=all"]);
            cargo_test(scaled, counts, command.env("PARLEY_TEST_SCALE", "1"), filters)
        }),
        (postgres, redis) => {
            let missing: Vec<String> = [postgres.err(), redis.err()].into_iter().flatten().collect();
            report.lacks(scaled, &missing.join("; "));
        }
    }
}

/// The server on SQLite. What is about the other databases by itself runs where there are any.
pub fn server_alone(report: &mut Report, filters: &[String]) {
    report.timed("server", |counts| {
        fs::create_dir_all(paths::dist())?;
        cargo_test("server", counts, &mut server_tests(&[]), filters)
    });
}

fn server_tests(args: &[&str]) -> Command {
    let mut command = cargo(["test", "--package=parley-server"]);
    if let Ok(bin) = flat(tools::postgres()) {
        command.env("PARLEY_TEST_POSTGRES_BIN", bin);
    }
    if let Ok(program) = flat(tools::redis()) {
        command.env("PARLEY_TEST_REDIS", program);
    }
    command.args(args);
    command
}

/// Wrappers and components in headless Chromium.
pub fn web(report: &mut Report, filters: &[String]) {
    let chromium = match flat(tools::chromium()) {
        Ok(chromium) => chromium,
        Err(missing) => return report.lacks("web", &missing),
    };
    report.prepared();
    report.timed("web", |counts| {
        let runner = tools::wasm_test_runner()?;
        let mut run = |filters: &[String]| {
            let mut command = cargo(["test", "--package=parley", WASM, "--test=web"]);
            command
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner)
                .env("CHROMEDRIVER", &chromium.driver)
                .env("WASM_BINDGEN_TEST_TIMEOUT", WEB_TIMEOUT);
            cargo_test("web", counts, &mut command, filters)
        };
        if filters.is_empty() {
            return run(filters);
        }
        // The runner in the browser takes one part of names at a time.
        filters.chunks(1).try_for_each(run)
    });
}

/// Whole calls between real browsers and a real server, but for stories that need an absent browser.
pub fn e2e(report: &mut Report, filters: &[String]) {
    if filters.is_empty() {
        let mut harness = cargo(["test", "--package=parley-e2e", "--lib", "--bins"]);
        report.timed("e2e: the harness", |counts| cargo_test("harness", counts, &mut harness, &[]));
    }
    report.prepared();
    let shard = report.shard;
    let choose = |all: &[String]| stories::chosen(all, filters, shard);
    told(report, choose, || build::page().map(|()| paths::dist()));
}

/// The stories that a change can spoil, on the page as developers have it. Tells how many others there are.
pub fn quick_stories(report: &mut Report, choice: &Choice) -> Option<usize> {
    if choice.stories.is_empty() {
        return None;
    }
    let mut untold = None;
    let choose = |all: &[String]| {
        let chosen: Vec<String> = all.iter().filter(|story| choice.has_story(story)).cloned().collect();
        untold = Some(all.len() - chosen.len());
        chosen
    };
    told(report, choose, build::page_with_styleguide);
    untold
}

/// Tells the stories that are chosen among all, with the page that lies in the folder.
fn told(
    report: &mut Report,
    choose: impl FnOnce(&[String]) -> Vec<String>,
    page: impl FnOnce() -> Result<PathBuf>,
) {
    let chromium = flat(tools::chromium());
    let firefox = flat(tools::firefox());
    let missing: Vec<&str> = [&chromium, &firefox]
        .into_iter()
        .filter_map(|found| found.as_ref().err())
        .map(String::as_str)
        .collect();
    if missing.len() == 2 {
        return report.lacks("e2e", &missing.join("; "));
    }
    let times = paths::generated().join("story-times");
    report.shared("e2e", |counts| {
        let present = Present { chromium: chromium.is_ok(), firefox: firefox.is_ok() };
        let all = list()?;
        let axe = flat(tools::axe());
        let mut chosen = choose(&all);
        ensure!(!chosen.is_empty(), "no story is named so");
        chosen.retain(|story| {
            let lacks = if stories::is_tellable(story, present) { None } else { Some(missing.concat()) };
            let lacks = lacks.or_else(|| axe.clone().err().filter(|_| stories::is_of(story, "accessible")));
            if let Some(missing) = &lacks {
                Absence::here().count(counts, story, missing);
            }
            lacks.is_none()
        });
        let dist = page()?;
        let server = build::server(Profile::Debug)?;
        let mut command = cargo(["test", "--package=parley-e2e", "--test=scenarios"]);
        browser_env(&mut command, &server, chromium.as_ref().ok(), firefox.as_ref().ok());
        tools::Trunk::ensure()?.env(&mut command)?;
        if let Ok(axe) = axe {
            command.env("PARLEY_AXE", axe);
        }
        fs::create_dir_all(paths::generated())?;
        fs::write(&times, "")?;
        command.env("PARLEY_DIST", dist).env("PARLEY_STORY_TIMES", &times);
        // Stories take turns by themselves. Some wait, so that browsers find somebody to be handed on to.
        command.args(["--", "--test-threads=4"]);
        if chosen.len() < all.len() {
            command.arg("--exact").args(chosen);
        }
        counted("e2e", counts, &mut command)
    });
    report.stories = fs::read_to_string(&times).ok().map(|file| times::table(&file));
}

/// The names of the stories.
fn list() -> Result<Vec<String>> {
    let args = ["test", "--package=parley-e2e", "--test=scenarios", "--", "--list"];
    Ok(stories::read(&process::quiet("Listing the stories", &mut cargo(args))?))
}

/// Tells the browser tests and benchmarks what to drive.
pub fn browser_env(
    command: &mut Command,
    server: &Path,
    chromium: Option<&Browser>,
    firefox: Option<&Browser>,
) {
    command.env("PARLEY_SERVER_BIN", server).env("PARLEY_DIST", paths::dist());
    if let Some(Browser { program, driver }) = chromium {
        command.env("PARLEY_CHROMIUM", program).env("PARLEY_CHROMEDRIVER", driver);
    }
    if let Some(Browser { program, driver }) = firefox {
        command.env("PARLEY_FIREFOX", program).env("PARLEY_GECKODRIVER", driver);
    }
}

/// A program, or why there is none.
fn flat<T>(found: Result<Result<T, String>>) -> Result<T, String> {
    found.unwrap_or_else(|error| Err(format!("{error:#}")))
}

/// Runs the tests whose names have one of these parts, or all of them, and counts them.
fn cargo_test(name: &str, counts: &mut Counts, command: &mut Command, filters: &[String]) -> Result<()> {
    let before = counts.passed + counts.failed;
    command.arg("--no-fail-fast");
    if !filters.is_empty() {
        command.arg("--").args(filters);
    }
    counted(name, counts, command)?;
    ensure!(counts.passed + counts.failed > before, "no test is named so");
    Ok(())
}

/// Runs tests and counts them.
fn counted(name: &str, counts: &mut Counts, command: &mut Command) -> Result<()> {
    let failed_before = counts.failed;
    let success = process::lines(name, command, |line| counts.read(line))?;
    // A suite that does not compile, or a test program that dies, prints no result line.
    if !success && counts.failed == failed_before {
        counts.fail(&format!("{name}: broke off before its result"));
    }
    Ok(())
}
