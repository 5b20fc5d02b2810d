//! axe-core, the script that checks a page's accessibility.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::npm;
use crate::{paths, process};

const AXE: &str = "4.14.1";

/// Returns the path of the script, or the reason why there is none.
pub fn ensure() -> Result<Result<PathBuf, String>> {
    let dir = paths::tool("axe-core", AXE)?;
    let script = dir.join("node_modules/axe-core/axe.min.js");
    if script.is_file() {
        return Ok(Ok(script));
    }
    let npm = match npm::ensure("npm installs axe, which checks accessibility")? {
        Ok(npm) => npm,
        Err(missing) => return Ok(Err(missing)),
    };
    let what = format!("Installing axe-core {AXE}: the accessibility tests use it");
    let mut install = Command::new(npm);
    let installed =
        process::quiet(&what, npm::install(&mut install).arg(&dir).arg(format!("axe-core@{AXE}")));
    Ok(installed.map(|_| script).map_err(|error| npm::first_line(&error)))
}
