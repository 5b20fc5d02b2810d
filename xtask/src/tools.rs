//! The programs that Parley is built and tested with: each is found on the machine or installed, with a line
//! that says why.
//!
//! Tools that are not packages of the system are installed into the cache by name and version, so that a
//! clean checkout finds them again.

mod apt;
mod axe;
mod binaryen;
mod browsers;
mod cargo_bin;
mod npm;
mod pebble;
mod peers;
mod postgres;
mod redis;
mod wasm_source;
mod wasm_target;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::{paths, process};
pub use axe::ensure as axe;
pub use browsers::{Browser, chromium, firefox};
pub use cargo_bin::geckodriver;
pub use pebble::ensure as pebble;
pub use peers::ensure as bench_peers;
pub use postgres::ensure as postgres;
pub use redis::ensure as redis;
pub use wasm_target::ensure as wasm_target;

/// The tools that building the page for release needs.
pub struct PageTools {
    pub bindgen: PathBuf,
    pub opt: PathBuf,
    pub split: PathBuf,
}

impl PageTools {
    pub fn ensure() -> Result<Self> {
        wasm_target()?;
        Ok(Self {
            bindgen: cargo_bin::wasm_bindgen("wasm-bindgen")?,
            opt: binaryen::ensure()?,
            split: cargo_bin::wasm_split()?,
        })
    }

    /// Returns a text that changes with the version of a tool, so that the page is then built again.
    pub fn versions(&self) -> String {
        let tools = [&self.bindgen, &self.opt, &self.split];
        let shown = tools.into_iter().map(|tool| tool.to_string_lossy());
        shown.collect::<Vec<_>>().join(" ")
    }
}

/// Trunk, which builds and serves the page for developers, and the tools that it calls.
pub struct Trunk {
    program: PathBuf,
    bindgen: PathBuf,
    opt: PathBuf,
}

impl Trunk {
    pub fn ensure() -> Result<Self> {
        wasm_target()?;
        Ok(Self {
            program: cargo_bin::trunk()?,
            bindgen: cargo_bin::wasm_bindgen("wasm-bindgen")?,
            opt: binaryen::ensure()?,
        })
    }

    /// Returns a Trunk command that uses these tools and downloads none.
    pub fn command(&self) -> Result<Command> {
        let mut command = Command::new(&self.program);
        command
            .current_dir(paths::root())
            .env("PATH", self.path()?)
            // Trunk reads it as `true` or `false` and refuses the usual `1`.
            .env_remove("NO_COLOR");
        Ok(command)
    }

    /// Sets the variables that tell the tests which Trunk to start, and where it finds its tools.
    pub fn env(&self, command: &mut Command) -> Result<()> {
        command.env("PARLEY_TRUNK", &self.program).env("PARLEY_TRUNK_PATH", self.path()?);
        Ok(())
    }

    fn path(&self) -> Result<OsString> {
        process::path_with(&folders(&[&self.bindgen, &self.opt]))
    }
}

/// Installs the runner of the wasm tests and returns its path.
pub fn wasm_test_runner() -> Result<PathBuf> {
    wasm_target()?;
    cargo_bin::wasm_bindgen("wasm-bindgen-test-runner")
}

fn folders(tools: &[&PathBuf]) -> Vec<PathBuf> {
    tools.iter().filter_map(|tool| tool.parent()).map(std::path::Path::to_path_buf).collect()
}
