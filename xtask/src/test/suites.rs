//! The suites: which commands they are, and what they need of the machine.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::Report;
use super::absence::Absence;
use super::counts::Counts;
use super::stories::{self, Present};
use crate::build::{self, Profile, cargo};
use crate::tools::{self, Browser};
use crate::{paths, process, tidy};

const WASM: &str = "--target=wasm32-unknown-unknown";
/// Seconds that one wasm test may take, on a slow machine that compiles beside it.
const WEB_TIMEOUT: &str = "120";

/// Format, rules of the code base, lints.
pub fn checks(report: &mut Report) {
    report
        .single("format", || process::lines("format", &mut cargo(["fmt", "--all", "--", "--check"]), |_| ()));
    report.single("tidy", || tidy::passes(&paths::root()));
    report.single("clippy: server and tools", || {
        std::fs::create_dir_all(paths::dist())?;
        let args = ["clippy", "--workspace", "--exclude=parley", "--all-targets", "--", "-Dwarnings"];
        process::lines("clippy", &mut cargo(args), |_| ())
    });
    report.single("clippy: page", || {
        tools::wasm_target()?;
        let args = ["clippy", "--package=parley", WASM, "--lib", "--bins", "--tests", "--", "-Dwarnings"];
        process::lines("clippy", &mut cargo(args), |_| ())
    });
}

/// The machines, the wire types, these commands.
pub fn unit(report: &mut Report) {
    let packages = [
        "--package=parley-protocol",
        "--package=parley-core",
        "--package=parley-bench",
        "--package=parley-fuzz",
        "--package=xtask",
    ];
    report.timed("unit", |counts| cargo_test("unit", counts, cargo(["test"]).args(packages), &[]));
}

/// The whole server twice: alone on SQLite, and as one of several on PostgreSQL and Redis, which the tests start
/// themselves.
pub fn server(report: &mut Report) {
    let (postgres, redis) = (flat(tools::postgres()), flat(tools::redis()));
    let mut alone = cargo(["test", "--package=parley-server"]);
    if let Ok(bin) = &postgres {
        alone.env("PARLEY_TEST_POSTGRES_BIN", bin);
    }
    if let Ok(program) = &redis {
        alone.env("PARLEY_TEST_REDIS", program);
    }
    report.timed("server", |counts| {
        std::fs::create_dir_all(paths::dist())?;
        cargo_test("server", counts, &mut alone, &[])
    });
    let scaled = "server: on PostgreSQL and Redis";
    match (postgres, redis) {
        (Ok(bin), Ok(program)) => report.timed(scaled, |counts| {
            let mut command = cargo(["test", "--package=parley-server", "--test=all"]);
            command.env("PARLEY_TEST_POSTGRES_BIN", bin).env("PARLEY_TEST_REDIS", program);
            cargo_test(scaled, counts, command.env("PARLEY_TEST_SCALE", "1"), &[])
        }),
        (postgres, redis) => {
            let missing: Vec<String> = [postgres.err(), redis.err()].into_iter().flatten().collect();
            report.lacks(scaled, &missing.join("; "));
        }
    }
}

/// Wrappers and components in headless Chromium.
pub fn web(report: &mut Report) {
    let chromium = match flat(tools::chromium()) {
        Ok(chromium) => chromium,
        Err(missing) => return report.lacks("web", &missing),
    };
    report.timed("web", |counts| {
        let runner = tools::wasm_test_runner()?;
        let mut command = cargo(["test", "--package=parley", WASM, "--test=web"]);
        command
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            .env("CHROMEDRIVER", chromium.driver)
            .env("WASM_BINDGEN_TEST_TIMEOUT", WEB_TIMEOUT);
        cargo_test("web", counts, &mut command, &[])
    });
}

/// Whole calls between real browsers and a real server, but for stories that need an absent browser.
pub fn e2e(report: &mut Report) {
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
    report.timed("e2e", |counts| {
        let present = Present { chromium: chromium.is_ok(), firefox: firefox.is_ok() };
        let mut left_out =
            if missing.is_empty() { Vec::new() } else { stories::untellable(&list()?, present) };
        for story in &left_out {
            Absence::here().count(counts, story, &missing.concat());
        }
        let axe = flat(tools::axe());
        if let Err(missing) = &axe {
            let silent = stories::of(&list()?, "accessible");
            for story in &silent {
                Absence::here().count(counts, story, missing);
            }
            left_out.extend(silent);
        }
        build::page()?;
        let server = build::server(Profile::Debug)?;
        let mut command = cargo(["test", "--package=parley-e2e"]);
        browser_env(&mut command, &server, chromium.as_ref().ok(), firefox.as_ref().ok());
        tools::PageTools::ensure()?.env(&mut command)?;
        if let Ok(axe) = axe {
            command.env("PARLEY_AXE", axe);
        }
        cargo_test("e2e", counts, &mut command, &left_out)
    });
}

/// The names of the stories.
fn list() -> Result<String> {
    let args = ["test", "--package=parley-e2e", "--test=scenarios", "--", "--list"];
    process::quiet("Listing the stories", &mut cargo(args))
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

/// Runs tests and counts them; those in `left_out`, named in full, do not run.
fn cargo_test(name: &str, counts: &mut Counts, command: &mut Command, left_out: &[String]) -> Result<()> {
    command.arg("--no-fail-fast");
    if !left_out.is_empty() {
        command.args(["--", "--exact"]).args(left_out.iter().flat_map(|test| ["--skip", test]));
    }
    let failed_before = counts.failed;
    let success = process::lines(name, command, |line| counts.read(line))?;
    // A suite that does not compile, or a test program that dies, prints no result line.
    if !success && counts.failed == failed_before {
        counts.fail(&format!("{name}: broke off before its result"));
    }
    Ok(())
}
