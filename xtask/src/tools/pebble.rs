//! Pebble, an ACME authority for tests, and the DNS server that comes with it. Both are Go programs.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use super::apt;
use crate::{paths, process};

const VERSION: &str = "2.10.3";
const WHY: &str = "the server obtains a certificate in the tests";
const PROGRAMS: [&str; 2] = ["pebble", "pebble-challtestsrv"];

/// Finds or installs the programs and returns their folder; the inner error names the missing package.
pub fn ensure() -> Result<Result<PathBuf, String>> {
    let folder = paths::tool("pebble", VERSION)?.join("bin");
    let is_complete = || PROGRAMS.iter().all(|program| process::is_program(&folder.join(program)));
    if is_complete() {
        return Ok(Ok(folder));
    }
    let go = match go()? {
        Ok(go) => go,
        Err(missing) => return Ok(Err(missing)),
    };
    let modules =
        PROGRAMS.map(|program| format!("github.com/letsencrypt/pebble/v2/cmd/{program}@v{VERSION}"));
    let mut install = Command::new(go);
    // Outside the checkout, and without a local toolchain that is older than the module asks for.
    install.arg("install").args(modules).env("GOBIN", &folder).current_dir(std::env::temp_dir());
    process::run(&format!("Installing Pebble {VERSION}: {WHY} (compiling takes a minute)"), &mut install)?;
    if !is_complete() {
        bail!("Pebble {VERSION} did not install {}", PROGRAMS.join(" and "));
    }
    Ok(Ok(folder))
}

fn go() -> Result<Result<PathBuf, String>> {
    if let Some(go) = process::find(&["go"]) {
        return Ok(Ok(go));
    }
    let missing = match apt::install(WHY, &["golang-go"])? {
        apt::Installed::Yes => "package golang-go contains no go".to_owned(),
        apt::Installed::No(reason) => reason,
    };
    Ok(process::find(&["go"]).ok_or(missing))
}
