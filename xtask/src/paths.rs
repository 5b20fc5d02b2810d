//! Where things lie: the checkout, the cache outside it, cargo's target folder.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// The checkout. Read at run time, because a shared target folder may serve several checkouts.
pub fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or(manifest.clone(), Path::to_path_buf)
}

/// `~/.cache/parley`, or `PARLEY_CACHE`.
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

/// The folder of one version of one tool.
pub fn tool(name: &str, version: &str) -> Result<PathBuf> {
    Ok(cache()?.join("tools").join(format!("{name}-{version}")))
}

/// Files that are generated for a build and never committed.
pub fn generated() -> PathBuf {
    root().join(".parley")
}

pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Cargo's target folder, wherever environment or configuration put it.
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
