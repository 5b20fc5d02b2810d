//! Builds the two halves of Parley: the page into `dist/`, and the server that embeds it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::tools::{PageTools, Trunk};
use crate::{bundle, compress, fingerprint, paths, process};

/// Files and folders that the page is built from. A change in any of them builds it again.
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

/// Builds page and server for release; returns the path of the server program.
pub fn release() -> Result<PathBuf> {
    page()?;
    server(Profile::Release)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Debug,
    Release,
}

/// Builds the page into `dist/`, unless it is there already and was built from the same inputs.
pub fn page() -> Result<()> {
    let tools = PageTools::ensure()?;
    let dist = paths::dist();
    let stamp = paths::generated().join("page.stamp");
    // Taken before the build, so that a file edited meanwhile causes another build.
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

/// Builds the development page, which includes the styleguide; returns its folder.
pub fn page_with_styleguide() -> Result<PathBuf> {
    let dist = paths::generated().join("styleguide");
    let mut trunk = Trunk::ensure()?.command()?;
    process::run("Building the page with its styleguide", trunk.arg("build").arg("--dist").arg(&dist))?;
    Ok(dist)
}

/// Returns the fingerprint of everything that the page is built from and with.
fn inputs(tools: &PageTools) -> Result<String> {
    let root = paths::root();
    let inputs: Vec<PathBuf> = PAGE_INPUTS.iter().map(|input| root.join(input)).collect();
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    let rustc = process::output(Command::new("rustc").arg("-V"))?;
    fingerprint::of(&inputs, &(tools.versions() + &rustc))
}

/// Returns the fingerprint of inputs and output. A plain `trunk build` may have replaced the output.
fn with_output(inputs: &str, dist: &Path) -> Result<String> {
    fingerprint::of(&[dist], inputs)
}

/// Builds the server; returns the path of its program.
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

/// Returns a `cargo` command that runs in the checkout with these arguments.
pub fn cargo<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(args).current_dir(paths::root());
    cargo
}
