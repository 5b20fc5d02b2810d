//! axe, which finds in a page what some people cannot use.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::npm;
use crate::{paths, process};

const AXE: &str = "4.14.1";

/// The script, or why there is none.
pub fn ensure() -> Result<Result<PathBuf, String>> {
    let dir = paths::tool("axe-core", AXE)?;
    let script = dir.join("node_modules/axe-core/axe.min.js");
    if script.is_file() {
        return Ok(Ok(script));
    }
    let npm = match npm::ensure("npm installs axe, which finds what some people cannot use")? {
        Ok(npm) => npm,
        Err(missing) => return Ok(Err(missing)),
    };
    let what = format!("Installing axe-core {AXE}: the tests of accessibility ask it");
    let mut install = Command::new(npm);
    let installed =
        process::quiet(&what, npm::install(&mut install).arg(&dir).arg(format!("axe-core@{AXE}")));
    Ok(installed.map(|_| script).map_err(|error| npm::first_line(&error)))
}
