//! Tools from the Rust registry: Trunk, wasm-bindgen, wasm-split and geckodriver, by `cargo binstall` or
//! `cargo install`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{paths, process};

/// Version of Trunk. 0.22 needs a newer compiler than the oldest one that Parley supports.
const TRUNK: &str = "0.21.14";
/// Version of wasm-split. It must match `wasm_split_helpers` 0.2, which the page is compiled with.
const WASM_SPLIT: &str = "0.2.4";
const GECKODRIVER: &str = "0.37.0";

pub fn trunk() -> Result<PathBuf> {
    CargoBin {
        package: "trunk",
        program: "trunk",
        version: TRUNK,
        why: "it serves the page to developers",
        takes: "five minutes",
        args: &["--no-default-features", "--features", "rustls"],
    }
    .ensure()
}

pub fn geckodriver() -> Result<PathBuf> {
    CargoBin {
        package: "geckodriver",
        program: "geckodriver",
        version: GECKODRIVER,
        why: "it drives Firefox in the tests",
        takes: "two minutes",
        args: &[],
    }
    .ensure()
}

pub fn wasm_split() -> Result<PathBuf> {
    CargoBin {
        package: "wasm_split_cli_support",
        program: "wasm-split-cli",
        version: WASM_SPLIT,
        why: "it cuts the page into parts",
        takes: "a minute",
        args: &["--features", "build-binary"],
    }
    .ensure()
}

/// Installs a program of wasm-bindgen, in exactly the version of the library in `Cargo.lock`: programs and
/// library share a format that changes between releases.
pub fn wasm_bindgen(program: &str) -> Result<PathBuf> {
    let lock = paths::root().join("Cargo.lock");
    if !lock.exists() {
        process::run(
            "Resolving dependencies",
            Command::new("cargo").arg("generate-lockfile").current_dir(paths::root()),
        )?;
    }
    let version = locked_version(&fs::read_to_string(&lock)?, "wasm-bindgen")
        .context("Cargo.lock does not name wasm-bindgen")?;
    CargoBin {
        package: "wasm-bindgen-cli",
        program,
        version: &version,
        why: "it writes the JavaScript between the page and the browser",
        takes: "two minutes",
        args: &[],
    }
    .ensure_in("wasm-bindgen")
}

struct CargoBin<'a> {
    package: &'a str,
    program: &'a str,
    version: &'a str,
    why: &'a str,
    /// Time that compiling takes on two idle processors.
    takes: &'a str,
    args: &'a [&'a str],
}

impl CargoBin<'_> {
    fn ensure(&self) -> Result<PathBuf> {
        self.ensure_in(self.package)
    }

    fn ensure_in(&self, folder: &str) -> Result<PathBuf> {
        let dir = paths::tool(folder, self.version)?;
        let cached = dir.join("bin").join(self.program);
        if process::is_program(&cached) {
            return Ok(cached);
        }
        if let Some(found) = process::find(&[self.program]).filter(|file| self.matches(file)) {
            return Ok(found);
        }
        self.install(&dir)?;
        if !process::is_program(&cached) {
            bail!("{} {} did not install the program {}", self.package, self.version, self.program);
        }
        Ok(cached)
    }

    fn matches(&self, file: &Path) -> bool {
        let answer = process::output(Command::new(file).arg("--version")).unwrap_or_default();
        answer.split_whitespace().any(|word| word == self.version)
    }

    /// Installs a prebuilt program with `cargo binstall` where that is present, else compiles it.
    fn install(&self, dir: &Path) -> Result<()> {
        let Self { package, version, why, takes, .. } = self;
        let what = format!("Installing {package} {version}: {why}");
        if process::find(&["cargo-binstall"]).is_some() && process::succeeds(&what, &mut self.released(dir))?
        {
            return Ok(());
        }
        let what = format!("{what} (compiling takes {takes} or more)");
        if process::succeeds(&what, self.command(dir)?.arg("--locked"))? {
            return Ok(());
        }
        // A registry mirror may lack the newest releases that the tool's lock file asks for, so the last
        // attempt ignores that file.
        process::run(&format!("{what} (unlocked)"), &mut self.command(dir)?)
    }

    fn released(&self, dir: &Path) -> Command {
        let mut command = Command::new("cargo");
        command.args(["binstall", "--no-confirm", "--disable-strategies", "compile", "--root"]).arg(dir);
        command.arg(format!("{}@{}", self.package, self.version)).current_dir(std::env::temp_dir());
        command
    }

    fn command(&self, dir: &Path) -> Result<Command> {
        let mut command = Command::new("cargo");
        command
            .args(["install", self.package, "--version", self.version, "--root"])
            .arg(dir)
            .args(self.args)
            // Outside the checkout, whose cargo configuration is meant for Parley only.
            .current_dir(std::env::temp_dir())
            // One target folder for all tools, because they share most dependencies.
            .env("CARGO_TARGET_DIR", paths::cache()?.join("tools-target"))
            // A fast build matters more than fast tools: Trunk's own profile compiles slowly, and it mostly
            // waits for other programs.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        Ok(command)
    }
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_the_version() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "leptos"), None);
    }
}
