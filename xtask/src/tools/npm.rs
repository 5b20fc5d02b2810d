//! npm, which installs the tools that are not written in Rust.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::apt;
use crate::process;

pub fn find() -> Option<PathBuf> {
    process::find(&["npm"])
}

/// Finds or installs npm; the inner error names the missing package.
pub fn ensure(why: &str) -> Result<Result<PathBuf, String>> {
    if let Some(npm) = find() {
        return Ok(Ok(npm));
    }
    let mut missing = String::new();
    // Debian has npm in a package of its own. The nodejs package of Node.js itself contains npm and conflicts
    // with that one, so the second attempt installs nodejs alone.
    for packages in [&["nodejs", "npm"][..], &["nodejs"]] {
        match apt::install(why, packages)? {
            apt::Installed::Yes => missing = String::from("the package nodejs contains no npm"),
            apt::Installed::No(reason) if missing.is_empty() => missing = reason,
            apt::Installed::No(_) => {}
        }
        if let Some(npm) = find() {
            return Ok(Ok(npm));
        }
    }
    Ok(Err(missing))
}

/// Adds the arguments of an installation; the caller adds the folder and the packages.
pub fn install(npm: &mut Command) -> &mut Command {
    npm.args(["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--prefix"])
}

/// Returns the first line of an error; npm's own output has many.
pub fn first_line(error: &anyhow::Error) -> String {
    format!("{error:#}").lines().next().unwrap_or_default().to_owned()
}
