//! A plain `trunk serve` of this checkout, as a developer starts it, on free ports.

use crate::{places, process::Process};
use anyhow::{Context, Result, ensure};
use std::{
    env, fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::Command,
    time::Duration,
};
use tempfile::NamedTempFile;

/// The time limit for a debug build of the page from scratch.
pub const BUILD: Duration = Duration::from_secs(1_200);
/// The server behind the page, as `Trunk.toml` names it.
const SERVER: &str = "localhost:8080";

/// A running Trunk. It ends, with all that it has started, when dropped.
#[derive(Debug)]
pub struct Trunk {
    _process: Process,
    _config: NamedTempFile,
    port: u16,
}

impl Trunk {
    /// Starts Trunk in front of a server, with its log and output in `folder`, and waits until the page is
    /// built.
    pub async fn serve(folder: &Path, server: SocketAddr) -> Result<Self> {
        let config = config(server.port())?;
        let port = free_port()?;
        let mut command = Command::new(places::trunk()?);
        command.current_dir(places::root()).arg("serve").arg("--config").arg(config.path());
        command.args(["--port", &port.to_string(), "--dist"]).arg(folder.join("trunk"));
        // Trunk parses the variable as `true` or `false` and refuses the usual `1`.
        command.env_remove("NO_COLOR");
        if let Some(path) = env::var_os("PARLEY_TRUNK_PATH") {
            command.env("PATH", path);
        }
        let mut process = Process::start(&mut command, &folder.join("trunk.log"))?;
        let serving = process.announced_within(BUILD, 0, "http://127.0.0.1:").await?;
        ensure!(serving == port, "it serves on port {serving}, not {port}");
        Ok(Self { _process: process, _config: config, port })
    }

    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }
}

/// Writes a copy of `Trunk.toml` with another server in it, beside the original: Trunk resolves paths from
/// the folder of its configuration.
fn config(server: u16) -> Result<NamedTempFile> {
    let committed = places::root().join("Trunk.toml");
    let text = fs::read_to_string(&committed).with_context(|| committed.display().to_string())?;
    ensure!(text.contains(SERVER), "Trunk.toml passes nothing on to {SERVER}");
    let config = tempfile::Builder::new().prefix(".trunk-e2e-").suffix(".toml").tempfile_in(places::root())?;
    fs::write(config.path(), text.replace(SERVER, &format!("localhost:{server}")))?;
    Ok(config)
}

/// Finds a free port; Trunk would not say which one it took.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
