//! Builds the two halves of Parley: the page into `dist/`, and the server that carries it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::tools::{PageTools, Trunk};
use crate::{bundle, compress, fingerprint, paths, process};

/// What the page is made of; a change in any of these builds it again.
const PAGE_INPUTS: [&str; 17] = [
    ".cargo/config.toml",
    "src",
    "style",
    "words",
    "public",
    "protocol/src",
    "protocol/Cargo.toml",
    "core/src",
    "core/Cargo.toml",
    "index.html",
    "Cargo.toml",
    "Cargo.lock",
    "build.rs",
    "xtask/src/bundle.rs",
    "xtask/src/css.rs",
    "xtask/src/split.rs",
    "xtask/src/languages.rs",
];

/// Builds page and server for use; returns the server's program.
pub fn release() -> Result<PathBuf> {
    page()?;
    server(Profile::Release)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Debug,
    Release,
}

/// Builds the page into `dist/` unless it is there already, made of just these inputs.
pub fn page() -> Result<()> {
    let tools = PageTools::ensure()?;
    let dist = paths::dist();
    let stamp = paths::generated().join("page.stamp");
    // Taken before the build: what is edited meanwhile belongs to the next one.
    let inputs = inputs(&tools)?;
    if fs::read_to_string(&stamp).ok() == Some(with_output(&inputs, &dist)?) {
        return Ok(());
    }
    bundle::run(&tools, &dist)?;
    process::say("Compressing the page (brotli, gzip)");
    compress::copies(&dist)?;
    fs::create_dir_all(paths::generated())?;
    fs::write(stamp, with_output(&inputs, &dist)?)?;
    Ok(())
}

/// The page as developers have it, with the styleguide; where it lies.
pub fn page_with_styleguide() -> Result<PathBuf> {
    let dist = paths::generated().join("styleguide");
    let mut trunk = Trunk::ensure()?.command()?;
    process::run("Building the page with its styleguide", trunk.arg("build").arg("--dist").arg(&dist))?;
    Ok(dist)
}

fn inputs(tools: &PageTools) -> Result<String> {
    let root = paths::root();
    let inputs: Vec<PathBuf> = PAGE_INPUTS.iter().map(|input| root.join(input)).collect();
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    let rustc = process::output(Command::new("rustc").arg("-V"))?;
    fingerprint::of(&inputs, &(tools.versions() + &rustc))
}

/// Covers the output too: a plain `trunk build` may have replaced it.
fn with_output(inputs: &str, dist: &Path) -> Result<String> {
    fingerprint::of(&[dist], inputs)
}

/// Builds the server; returns its program.
pub fn server(profile: Profile) -> Result<PathBuf> {
    // The server embeds the folder and does not compile without one.
    fs::create_dir_all(paths::dist())?;
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--package", "parley-server", "--bin", "parley-server"]);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    let what = "Building the server (three minutes or more the first time)";
    process::run(what, cargo.current_dir(paths::root()))?;
    let folder = if profile == Profile::Release { "release" } else { "debug" };
    let program = format!("parley-server{}", std::env::consts::EXE_SUFFIX);
    Ok(paths::target()?.join(folder).join(program))
}

/// `cargo` in the checkout, with these arguments.
pub fn cargo<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(args).current_dir(paths::root());
    cargo
}
