//! `wasm-opt`, which makes the page smaller.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::{paths, process};

const BINARYEN: &str = "132.0.0";
/// Older ones do not know every feature that the compiler emits.
const OLDEST: u32 = 119;

/// The program on `PATH` when it is new enough, else the npm package. `None` without Node.js.
pub fn ensure() -> Result<Option<PathBuf>> {
    let dir = paths::tool("binaryen", BINARYEN)?;
    let cached = dir.join("node_modules/.bin/wasm-opt");
    if process::is_program(&cached) {
        return Ok(Some(cached));
    }
    if let Some(found) = process::find(&["wasm-opt"]).filter(|file| is_recent(file)) {
        return Ok(Some(found));
    }
    if process::find(&["npm"]).is_none() {
        process::say("wasm-opt is missing and so is npm to install it: Trunk will download one");
        return Ok(None);
    }
    process::quiet(
        &format!("Installing binaryen {BINARYEN}: its wasm-opt makes the page smaller"),
        Command::new("npm")
            .args(["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--prefix"])
            .arg(&dir)
            .arg(format!("binaryen@{BINARYEN}")),
    )?;
    if !process::is_program(&cached) {
        bail!("the npm package binaryen {BINARYEN} brought no wasm-opt");
    }
    Ok(Some(cached))
}

fn is_recent(program: &Path) -> bool {
    let answer = process::output(Command::new(program).arg("--version")).unwrap_or_default();
    version(&answer).is_some_and(|version| version >= OLDEST)
}

/// `wasm-opt version 132 (version_132)`
fn version(answer: &str) -> Option<u32> {
    answer.split_whitespace().nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read() {
        assert_eq!(version("wasm-opt version 108 (version_108)\n"), Some(108));
        assert_eq!(version(""), None);
    }
}
