//! Chromium and Firefox with their drivers, for the tests.

use std::path::PathBuf;

use anyhow::Result;

use super::{apt, cargo_bin};
use crate::process;

/// A browser and the program that drives it.
pub struct Browser {
    pub program: PathBuf,
    pub driver: PathBuf,
}

const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FIREFOX: [&str; 2] = ["firefox-esr", "firefox"];

/// Finds or installs Chromium and `ChromeDriver`; the inner error names the missing package.
pub fn chromium() -> Result<Result<Browser, String>> {
    let find = || {
        let program = process::find(&CHROMIUM)?;
        let driver = process::find(&["chromedriver"])?;
        Some(Browser { program, driver })
    };
    find_or_install(find, "the tests drive a real Chromium", &["chromium", "chromium-driver"])
}

/// Finds or installs Firefox and geckodriver; the inner error names the missing package.
pub fn firefox() -> Result<Result<Browser, String>> {
    let why = "the tests drive a real Firefox";
    let program = match find_or_install(|| process::find(&FIREFOX), why, &["firefox-esr"])? {
        Ok(program) => program,
        Err(missing) => return Ok(Err(missing)),
    };
    let driver = cargo_bin::geckodriver()?;
    Ok(Ok(Browser { program, driver }))
}

fn find_or_install<T>(
    find: impl Fn() -> Option<T>,
    why: &str,
    packages: &[&str],
) -> Result<Result<T, String>> {
    if let Some(found) = find() {
        return Ok(Ok(found));
    }
    let missing = match apt::install(why, packages)? {
        apt::Installed::Yes => format!("{} installed, but not on PATH", packages.join(" ")),
        apt::Installed::No(reason) => reason,
    };
    Ok(find().ok_or(missing))
}
