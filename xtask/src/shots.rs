//! `cargo xtask shots`: a picture of every screen in every state, to be looked at.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::build::{self, Profile, cargo};
use crate::test::browser_env;
use crate::{paths, process, tools};

pub fn run() -> Result<ExitCode> {
    build::page()?;
    let server = build::server(Profile::Debug)?;
    let chromium = match tools::chromium()? {
        Ok(chromium) => chromium,
        Err(missing) => bail!("shots needs Chromium: {missing}"),
    };
    let mut command = cargo(["run", "--package=parley-e2e", "--bin=shots", "--"]);
    browser_env(&mut command, &server, Some(&chromium), None);
    process::run("Taking pictures", command.arg(paths::root().join("shots")))?;
    Ok(ExitCode::SUCCESS)
}
