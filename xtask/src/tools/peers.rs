//! The relays that Parley's signaling is measured beside: scripts in `bench/peers`, and their npm packages.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{fingerprint, paths, process};

const NODE_MIN: u32 = 20;

/// The installed relays.
pub struct Peers {
    pub node: PathBuf,
    /// The folder of scripts and packages.
    pub folder: PathBuf,
}

/// Copies the scripts into the cache and installs the packages beside them, because Node.js looks for
/// packages near the script.
pub fn ensure() -> Result<Peers> {
    let node = process::find(&["node"]).context("bench signaling needs Node.js on PATH")?;
    let version = process::output(Command::new(&node).arg("--version"))?;
    if major(&version).is_none_or(|major| major < NODE_MIN) {
        bail!("bench signaling needs Node.js {NODE_MIN} or newer; this is {}", version.trim());
    }
    let scripts = paths::root().join("bench/peers");
    let folder = paths::tool("bench-peers", &fingerprint::of(&[&scripts], "")?)?;
    let complete = folder.join("complete");
    if !complete.is_file() {
        fs::create_dir_all(&folder)?;
        for entry in fs::read_dir(&scripts)? {
            let entry = entry?;
            fs::copy(entry.path(), folder.join(entry.file_name()))?;
        }
        let npm = process::find(&["npm"]).context("bench signaling needs npm on PATH")?;
        let args = ["install", "--omit=dev", "--no-package-lock", "--no-audit", "--no-fund"];
        let mut install = Command::new(npm);
        process::run("Installing socket.io, ws and libsql: Parley is measured beside them", {
            install.args(args).current_dir(&folder)
        })?;
        fs::write(complete, "")?;
    }
    Ok(Peers { node, folder })
}

/// Parses the major version from a text such as `v20.1.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_node_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20"), None);
    }
}
