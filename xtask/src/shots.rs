//! `cargo xtask shots [walk|styleguide]`: takes a picture of every screen in every state, for people to look
//! at.
//!
//! The walk goes through the app with real calls; the styleguide shows components in made-up states. Without
//! a word, both are taken.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::build::{self, Profile, cargo};
use crate::test::browser_env;
use crate::{paths, process, tools};

pub fn run(which: Option<&str>) -> Result<ExitCode> {
    if let Some(unknown) = which.filter(|which| !["walk", "styleguide"].contains(which)) {
        bail!("unknown word `{unknown}`; use walk or styleguide");
    }
    let chromium = match tools::chromium()? {
        Ok(chromium) => chromium,
        Err(missing) => bail!("shots needs Chromium: {missing}"),
    };
    build::page()?;
    let server = build::server(Profile::Debug)?;
    let shots = || {
        let mut command = cargo(["run", "--package=parley-e2e", "--bin=shots", "--"]);
        browser_env(&mut command, &server, Some(&chromium), None);
        command.arg(paths::root().join("shots"));
        command
    };
    if which != Some("styleguide") {
        process::run("Taking pictures of the walk", &mut shots())?;
    }
    if which != Some("walk") {
        let page = build::page_with_styleguide()?;
        process::run(
            "Taking pictures of the styleguide",
            shots().arg("styleguide").env("PARLEY_DIST", page),
        )?;
    }
    Ok(ExitCode::SUCCESS)
}
