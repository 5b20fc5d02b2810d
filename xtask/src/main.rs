//! `cargo xtask`: the commands that build, run, test and measure Parley.
//!
//! This file reads the command line; each command is in the module of its name. The crate depends on none of
//! Parley's own crates, so that it compiles in seconds and works when the rest does not compile.

mod bench;
mod build;
mod bundle;
mod compress;
mod css;
mod dev;
mod fingerprint;
mod languages;
mod paths;
mod process;
mod shots;
mod split;
mod test;
mod tidy;
mod tools;
mod up;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

const HELP: &str = "\
cargo xtask <command>

  up     [--port N] [--data DIR] [--lan]  build everything and serve it on one port
  dev    [--data DIR]                     serve the page with live reload, beside a debug server
  test   [SUITE [NAME]...]... [--shard 2/4]
                                          run all checks and tests, or those of a SUITE (checks, unit,
                                          server, web, e2e), or its tests with NAME in their names;
                                          --shard 2/4 runs the second of four shares
         quick [COMMIT]                   run the tests most likely to fail after the changes since
                                          the main branch, or since COMMIT
  tidy                                    check the rules of the code base
  bench  [setup] [size] [room]            measure call set-up, first load, and a call of eight
         steps                            show where the time of a call's set-up goes
         signaling [quick] [alone] [idle|calls]
                                          measure the server under load, beside relays; alone without them
         fuzz [SECONDS]                   fuzz everything that reads data of strangers, each for SECONDS
  shots  [walk|styleguide]                take a picture of every screen, into shots/
  prepare                                 install the tools of the browser tests, and build the page
  build                                   build the page and the server for release, without starting them
  tools                                   install the tools that building needs, and nothing else
  css                                     bundle the stylesheet into one file (Trunk calls this)
  words                                   check the translations and prepare them for the page (Trunk calls this)
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut args = lexopt::Parser::from_env();
    let command = match args.next()? {
        Some(Value(command)) => command.string()?,
        Some(Short('h') | Long("help")) | None => "help".to_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "up" => up::run(&ServeOptions::parse(args)?),
        "dev" => dev::run(&ServeOptions::parse(args)?),
        "test" => {
            let (words, shard) = words_and(args, "shard")?;
            test::run(&words, shard.as_deref())
        }
        "tidy" => words(args).and_then(|_| tidy::run()),
        "bench" => bench::run(&words(args)?),
        "prepare" => words(args).and_then(|_| prepare()),
        "build" => words(args).and_then(|_| build::release().map(|_| ExitCode::SUCCESS)),
        "tools" => words(args).and_then(|_| {
            tools::PageTools::ensure().and_then(|_| tools::Trunk::ensure()).map(|_| ExitCode::SUCCESS)
        }),
        "shots" => words(args).and_then(|words| shots::run(words.first().map(String::as_str))),
        "css" => words(args).and_then(|_| css::run()),
        "words" => words(args).and_then(|_| languages::run()),
        "help" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("unknown command `{other}`\n\n{HELP}"),
    }
}

/// Builds the page and installs the tools that the browser tests need.
fn prepare() -> Result<ExitCode> {
    build::page()?;
    tools::wasm_test_runner()?;
    tools::geckodriver()?;
    tools::Trunk::ensure()?;
    Ok(ExitCode::SUCCESS)
}

/// The options of `up` and `dev`.
struct ServeOptions {
    port: u16,
    data: PathBuf,
    lan: bool,
}

impl ServeOptions {
    fn parse(mut args: lexopt::Parser) -> Result<Self> {
        let mut options = Self { port: 8080, data: PathBuf::from("./data"), lan: false };
        while let Some(arg) = args.next()? {
            match arg {
                Long("port") => options.port = args.value()?.parse()?,
                Long("data") => options.data = args.value()?.into(),
                Long("lan") => options.lan = true,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }

    fn server_args(&self) -> Vec<OsString> {
        let mut args: Vec<OsString> =
            vec!["--port".into(), self.port.to_string().into(), "--data".into(), self.data.clone().into()];
        if self.lan {
            args.push("--lan".into());
        }
        args
    }
}

fn words(args: lexopt::Parser) -> Result<Vec<String>> {
    Ok(words_and(args, "")?.0)
}

/// Reads the arguments as words, and the value of one option that may stand between them.
fn words_and(mut args: lexopt::Parser, option: &str) -> Result<(Vec<String>, Option<String>)> {
    let (mut words, mut given) = (Vec::new(), None);
    while let Some(arg) = args.next()? {
        match arg {
            Value(word) => words.push(word.string()?),
            Long(name) if name == option => given = Some(args.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok((words, given))
}
