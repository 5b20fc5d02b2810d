//! Paths of the checkout, of the cache outside it, and of cargo's target folder.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// Returns the root of the checkout. It is read at run time, because several checkouts may share a target
/// folder.
pub fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or(manifest.clone(), Path::to_path_buf)
}

/// Returns the cache folder: `PARLEY_CACHE`, else `parley` in `XDG_CACHE_HOME` or `~/.cache`.
pub fn cache() -> Result<PathBuf> {
    if let Some(dir) = env::var_os("PARLEY_CACHE") {
        return Ok(PathBuf::from(dir));
    }
    if let Some(dir) = env::var_os("XDG_CACHE_HOME").filter(|dir| !dir.is_empty()) {
        return Ok(PathBuf::from(dir).join("parley"));
    }
    let home = env::home_dir().context("no home folder; set PARLEY_CACHE")?;
    Ok(home.join(".cache/parley"))
}

/// Returns the folder in the cache for one version of a tool.
pub fn tool(name: &str, version: &str) -> Result<PathBuf> {
    Ok(cache()?.join("tools").join(format!("{name}-{version}")))
}

/// Returns the folder of files that are generated for a build and never committed.
pub fn generated() -> PathBuf {
    root().join(".parley")
}

/// Returns the folder of the built page.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Returns cargo's target folder, wherever the environment or the configuration puts it.
pub fn target() -> Result<PathBuf> {
    let metadata = process::output(
        Command::new("cargo")
            .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
            .current_dir(root()),
    )?;
    let key = "\"target_directory\":\"";
    let start = metadata.find(key).context("cargo metadata names no target folder")? + key.len();
    let end = metadata[start..].find('"').context("cargo metadata is cut short")?;
    Ok(PathBuf::from(metadata[start..start + end].replace("\\\\", "\\")))
}
