//! npm, which brings what is not written in Rust.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::apt;
use crate::process;

pub fn find() -> Option<PathBuf> {
    process::find(&["npm"])
}

/// npm, or which package is missing.
pub fn ensure(why: &str) -> Result<Result<PathBuf, String>> {
    if let Some(npm) = find() {
        return Ok(Ok(npm));
    }
    let mut missing = String::new();
    // Debian's npm is a package of its own; Node.js's own package holds it and refuses the other.
    for packages in [&["nodejs", "npm"][..], &["nodejs"]] {
        match apt::install(why, packages)? {
            apt::Installed::Yes => missing = String::from("the package nodejs brought no npm"),
            apt::Installed::No(reason) if missing.is_empty() => missing = reason,
            apt::Installed::No(_) => {}
        }
        if let Some(npm) = find() {
            return Ok(Ok(npm));
        }
    }
    Ok(Err(missing))
}

/// Add the folder and the packages.
pub fn install(npm: &mut Command) -> &mut Command {
    npm.args(["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--prefix"])
}

/// What npm itself said goes over many lines.
pub fn first_line(error: &anyhow::Error) -> String {
    format!("{error:#}").lines().next().unwrap_or_default().to_owned()
}
