//! The suites: the commands that each one runs, and the programs that it needs.

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
/// Seconds that one wasm test may take, even on a slow machine that compiles at the same time.
const WEB_TIMEOUT: &str = "120";

/// Runs the suite `checks`: format, rules of the code base, lints.
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

/// Checks format and rules, and runs the lints for the sources that changed.
pub fn quick_checks(report: &mut Report, choice: &Choice) {
    rules(report);
    if choice.native {
        lints_of_server(report);
    }
    if choice.page {
        lints_of_page(report);
    }
}

/// Runs the suite `unit`: the tests of the core, the wire types, the benchmark, the fuzzer and these
/// commands.
pub fn unit(report: &mut Report, filters: &[String]) {
    let packages = ["parley-protocol", "parley-core", "parley-bench", "parley-fuzz", "xtask"];
    unit_of(report, &packages.map(str::to_owned).into(), filters);
}

pub fn unit_of(report: &mut Report, packages: &BTreeSet<String>, filters: &[String]) {
    let mut command = cargo(["test"]);
    command.args(packages.iter().map(|package| format!("--package={package}")));
    report.timed("unit", |counts| cargo_test("unit", counts, &mut command, filters));
}

/// Runs the suite `server` twice: alone on SQLite, and as one of several servers on PostgreSQL and Redis. The
/// tests start those themselves.
pub fn server(report: &mut Report, filters: &[String]) {
    server_alone(report, filters);
    let scaled = "server: on PostgreSQL and Redis";
    match (flatten(tools::postgres()), flatten(tools::redis())) {
        (Ok(_), Ok(_)) => report.timed(scaled, |counts| {
            let mut command = server_tests(&["--test=all"]);
            cargo_test(scaled, counts, command.env("PARLEY_TEST_SCALE", "1"), filters)
        }),
        (postgres, redis) => {
            let missing: Vec<String> = [postgres.err(), redis.err()].into_iter().flatten().collect();
            report.skip_or_fail(scaled, &missing.join("; "));
        }
    }
}

/// Runs the server's tests on SQLite. Tests of the other databases run as well, where these are installed, and
/// so does that of certificates.
pub fn server_alone(report: &mut Report, filters: &[String]) {
    if let Err(missing) = flatten(tools::pebble()) {
        report.skip_or_fail("server: certificates", &missing);
    }
    report.timed("server", |counts| {
        fs::create_dir_all(paths::dist())?;
        cargo_test("server", counts, &mut server_tests(&[]), filters)
    });
}

fn server_tests(args: &[&str]) -> Command {
    let mut command = cargo(["test", "--package=parley-server"]);
    if let Ok(bin) = flatten(tools::postgres()) {
        command.env("PARLEY_TEST_POSTGRES_BIN", bin);
    }
    if let Ok(program) = flatten(tools::redis()) {
        command.env("PARLEY_TEST_REDIS", program);
    }
    if let Ok(folder) = flatten(tools::pebble()) {
        command.env("PARLEY_TEST_PEBBLE_BIN", folder);
    }
    command.args(args);
    command
}

/// Runs the suite `web`: wrappers and components in headless Chromium.
pub fn web(report: &mut Report, filters: &[String]) {
    let chromium = match flatten(tools::chromium()) {
        Ok(chromium) => chromium,
        Err(missing) => return report.skip_or_fail("web", &missing),
    };
    report.wait_for_preparation();
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
        // The runner in the browser takes only one filter at a time.
        filters.chunks(1).try_for_each(run)
    });
}

/// Runs the suite `e2e`: whole calls between real browsers and a real server. Stories that need a missing
/// browser are skipped.
pub fn e2e(report: &mut Report, filters: &[String]) {
    if filters.is_empty() {
        let mut harness = cargo(["test", "--package=parley-e2e", "--lib", "--bins"]);
        report.timed("e2e: the harness", |counts| cargo_test("harness", counts, &mut harness, &[]));
    }
    report.wait_for_preparation();
    let shard = report.shard;
    let choose = |all: &[String]| stories::chosen(all, filters, shard);
    run_stories(report, choose, || build::page().map(|()| paths::dist()));
}

/// Runs the chosen stories on the development page, which builds faster. Returns the number of the other
/// stories; `None` if none was chosen.
pub fn quick_stories(report: &mut Report, choice: &Choice) -> Option<usize> {
    if choice.stories.is_empty() {
        return None;
    }
    let mut unchosen = None;
    let choose = |all: &[String]| {
        let chosen: Vec<String> = all.iter().filter(|story| choice.has_story(story)).cloned().collect();
        unchosen = Some(all.len() - chosen.len());
        chosen
    };
    run_stories(report, choose, build::page_with_styleguide);
    unchosen
}

/// Runs the stories that `choose` picks, on the page that `page` builds.
fn run_stories(
    report: &mut Report,
    choose: impl FnOnce(&[String]) -> Vec<String>,
    page: impl FnOnce() -> Result<PathBuf>,
) {
    let chromium = flatten(tools::chromium());
    let firefox = flatten(tools::firefox());
    let missing: Vec<&str> = [&chromium, &firefox]
        .into_iter()
        .filter_map(|found| found.as_ref().err())
        .map(String::as_str)
        .collect();
    if missing.len() == 2 {
        return report.skip_or_fail("e2e", &missing.join("; "));
    }
    let times = paths::generated().join("story-times");
    report.shared("e2e", |counts| {
        let present = Present { chromium: chromium.is_ok(), firefox: firefox.is_ok() };
        let all = list()?;
        let axe = flatten(tools::axe());
        let mut chosen = choose(&all);
        ensure!(!chosen.is_empty(), "no story has such a name");
        chosen.retain(|story| {
            let lacks = if stories::can_run(story, present) { None } else { Some(missing.concat()) };
            let lacks =
                lacks.or_else(|| axe.clone().err().filter(|_| stories::is_in_file(story, "accessible")));
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
        // Stories wait for one another by a semaphore of their own. The extra threads keep some of them
        // waiting, so that a browser that becomes free can be handed on at once.
        command.args(["--", "--test-threads=4"]);
        if chosen.len() < all.len() {
            command.arg("--exact").args(chosen);
        }
        counted("e2e", counts, &mut command)
    });
    report.stories = fs::read_to_string(&times).ok().map(|file| times::table(&file));
}

/// Lists the names of all stories.
fn list() -> Result<Vec<String>> {
    let args = ["test", "--package=parley-e2e", "--test=scenarios", "--", "--list"];
    Ok(stories::read(&process::quiet("Listing the stories", &mut cargo(args))?))
}

/// Sets the variables that tell browser tests and benchmarks which server, page and browsers to use.
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

/// Merges both kinds of failure: returns the program, or the reason why there is none.
fn flatten<T>(found: Result<Result<T, String>>) -> Result<T, String> {
    found.unwrap_or_else(|error| Err(format!("{error:#}")))
}

/// Runs the tests whose names contain one of the filters, or all of them, and counts them. Running none is an
/// error.
fn cargo_test(name: &str, counts: &mut Counts, command: &mut Command, filters: &[String]) -> Result<()> {
    let before = counts.passed + counts.failed;
    command.arg("--no-fail-fast");
    if !filters.is_empty() {
        command.arg("--").args(filters);
    }
    counted(name, counts, command)?;
    ensure!(counts.passed + counts.failed > before, "no test has such a name");
    Ok(())
}

/// Runs a test command and counts its tests.
fn counted(name: &str, counts: &mut Counts, command: &mut Command) -> Result<()> {
    let failed_before = counts.failed;
    let success = process::lines(name, command, |line| counts.read(line))?;
    // A suite that does not compile, or a test program that crashes, prints no result line to count.
    if !success && counts.failed == failed_before {
        counts.fail(&format!("{name}: ended without printing a result"));
    }
    Ok(())
}
