//! The locations of browsers, drivers, the server and the built page: from the environment first, then the
//! usual place.

use anyhow::{Context, Result, ensure};
use std::{
    env,
    path::{Path, PathBuf},
};

pub fn chromedriver() -> Result<PathBuf> {
    found("PARLEY_CHROMEDRIVER", [PathBuf::from("/usr/bin/chromedriver")], "chromedriver")
}

pub fn chromium() -> Result<PathBuf> {
    found("PARLEY_CHROMIUM", [PathBuf::from("/usr/bin/chromium")], "chromium")
}

pub fn firefox() -> Result<PathBuf> {
    found("PARLEY_FIREFOX", [PathBuf::from("/usr/bin/firefox-esr")], "firefox")
}

pub fn geckodriver() -> Result<PathBuf> {
    found("PARLEY_GECKODRIVER", newest_cached_geckodriver(), "geckodriver")
}

pub fn server() -> Result<PathBuf> {
    let built = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    found("PARLEY_SERVER_BIN", [built.join("debug/parley-server")], "parley-server")
        .context("the server is not built: cargo build -p parley-server")
}

/// Finds Trunk, which bundles the page and serves it to developers.
pub fn trunk() -> Result<PathBuf> {
    found("PARLEY_TRUNK", None, "trunk").context("`cargo xtask test` installs it and names it")
}

/// Finds axe, the script that checks accessibility.
pub fn axe() -> Result<PathBuf> {
    let given =
        env::var_os("PARLEY_AXE").context("PARLEY_AXE does not name axe.min.js; `cargo xtask test` does")?;
    Ok(PathBuf::from(given))
}

/// Finds the built page.
pub fn dist() -> Result<PathBuf> {
    let dist = env::var_os("PARLEY_DIST").map_or_else(|| root().join("dist"), PathBuf::from);
    ensure!(
        dist.join("index.html").is_file(),
        "the page is not built: trunk build (looked in {})",
        dist.display()
    );
    Ok(dist)
}

/// Returns the folder for the traces of failed scenarios.
pub fn failures() -> PathBuf {
    root().join("target/e2e-failures")
}

/// Returns the root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .components()
        .collect::<PathBuf>()
        .canonicalize()
        .unwrap_or_else(|_| PathBuf::from("."))
}

fn newest_cached_geckodriver() -> Option<PathBuf> {
    let tools = PathBuf::from(env::var_os("HOME")?).join(".cache/parley/tools");
    let mut versions: Vec<(Vec<u32>, PathBuf)> = std::fs::read_dir(tools)
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version =
                name.strip_prefix("geckodriver-")?.split('.').map_while(|n| n.parse().ok()).collect();
            Some((version, entry.path().join("bin/geckodriver")))
        })
        .filter(|(_, path)| path.is_file())
        .collect();
    versions.sort();
    versions.pop().map(|(_, path)| path)
}

/// Finds a program: where the variable says, else at the usual place, else on the path.
fn found(variable: &str, usual: impl IntoIterator<Item = PathBuf>, name: &str) -> Result<PathBuf> {
    if let Some(given) = env::var_os(variable).map(PathBuf::from) {
        ensure!(given.is_file(), "{variable} names {}, which is not a file", given.display());
        return Ok(given);
    }
    let on_path =
        env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>()).unwrap_or_default();
    usual
        .into_iter()
        .chain(on_path.into_iter().map(|folder| folder.join(name)))
        .find(|path| path.is_file())
        .with_context(|| format!("{name} not found; install it or name it in {variable}"))
}
