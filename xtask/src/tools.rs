//! The programs that Parley is built and tested with: found, or installed with a line that says why.
//!
//! Every tool tries the ordinary way first and the package registries second. What is installed lies in
//! the cache by name and version, so that a clean checkout finds it again.

mod apt;
mod axe;
mod binaryen;
mod browsers;
mod cargo_bin;
mod npm;
mod peers;
mod postgres;
mod redis;
mod wasm_source;
mod wasm_target;

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::{paths, process};
pub use axe::ensure as axe;
pub use browsers::{Browser, chromium, firefox};
pub use cargo_bin::geckodriver;
pub use peers::ensure as bench_peers;
pub use postgres::ensure as postgres;
pub use redis::ensure as redis;
pub use wasm_target::ensure as wasm_target;

/// What it takes to build the page.
pub struct PageTools {
    pub trunk: PathBuf,
    pub wasm_bindgen: PathBuf,
    pub wasm_opt: PathBuf,
    pub wasm_split: PathBuf,
}

impl PageTools {
    pub fn ensure() -> Result<Self> {
        wasm_target()?;
        Ok(Self {
            trunk: cargo_bin::trunk()?,
            wasm_bindgen: cargo_bin::wasm_bindgen("wasm-bindgen")?,
            wasm_opt: binaryen::ensure()?,
            wasm_split: cargo_bin::wasm_split()?,
        })
    }

    /// A Trunk that uses these tools and downloads none.
    pub fn trunk(&self) -> Result<Command> {
        self.trunk_with(&self.wasm_opt)
    }

    /// Tells the tests which Trunk to start, and where it finds its tools.
    pub fn env(&self, command: &mut Command) -> Result<()> {
        let first = folders(&[&self.wasm_bindgen, &self.wasm_opt]);
        command.env("PARLEY_TRUNK", &self.trunk).env("PARLEY_TRUNK_PATH", process::path_with(&first)?);
        Ok(())
    }

    /// One that leaves the program as large as it is, because its parts are made small later.
    pub fn trunk_before_split(&self) -> Result<Command> {
        self.trunk_with(&binaryen::none()?)
    }

    fn trunk_with(&self, wasm_opt: &PathBuf) -> Result<Command> {
        let first = folders(&[&self.wasm_bindgen, wasm_opt]);
        let mut command = Command::new(&self.trunk);
        command
            .current_dir(paths::root())
            .env("PATH", process::path_with(&first)?)
            // Trunk reads it as `true` or `false` and refuses the usual `1`.
            .env_remove("NO_COLOR");
        Ok(command)
    }

    /// Changes when a tool does, so that the page is built again.
    pub fn versions(&self) -> String {
        let tools = [&self.trunk, &self.wasm_bindgen, &self.wasm_opt, &self.wasm_split];
        let shown = tools.into_iter().map(|tool| tool.to_string_lossy());
        shown.collect::<Vec<_>>().join(" ")
    }
}

/// What it takes to run the wasm tests, besides a browser.
pub fn wasm_test_runner() -> Result<PathBuf> {
    wasm_target()?;
    cargo_bin::wasm_bindgen("wasm-bindgen-test-runner")
}

fn folders(tools: &[&PathBuf]) -> Vec<PathBuf> {
    tools.iter().filter_map(|tool| tool.parent()).map(std::path::Path::to_path_buf).collect()
}
