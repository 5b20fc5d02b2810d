//! The server under test: it can be started, killed without warning, and started again on the same data.

use crate::{places, process::Process};
use anyhow::{Result, anyhow};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// The settings that a scenario changes; everything else is the default.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub ring: Option<Duration>,
    pub reconnect: Option<Duration>,
    /// The time that sockets may stay open when the server shuts down.
    pub drain: Option<Duration>,
    /// Whether devices connect while it rings; the server's default if `None`.
    pub preconnect: Option<bool>,
}

#[derive(Debug)]
pub struct Server {
    process: Option<Process>,
    settings: Settings,
    folder: PathBuf,
    addr: SocketAddr,
}

impl Server {
    /// Starts a server with its data and log in `folder`.
    pub async fn start(folder: &Path, settings: Settings) -> Result<Self> {
        let mut server = Self {
            process: None,
            settings,
            folder: folder.to_owned(),
            addr: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        server.restart().await?;
        Ok(server)
    }

    /// Returns the address that it listens on, with another port after every start.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Kills the server with SIGKILL, so that it cannot shut down in good order.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Sends SIGTERM, on which the server shuts down in good order.
    pub fn ask_to_end(&self) -> Result<()> {
        self.process.as_ref().map_or(Ok(()), Process::ask_to_end)
    }

    /// Starts the server again on the same data.
    pub async fn restart(&mut self) -> Result<SocketAddr> {
        self.kill();
        let log = self.log();
        let from = std::fs::metadata(&log).map_or(0, |file| file.len());
        let mut process = Process::start(&mut self.command()?, &log)?;
        let port = process.announced(from, "listening on http://").await?;
        self.process = Some(process);
        self.addr.set_port(port);
        Ok(self.addr)
    }

    pub fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    fn command(&self) -> Result<Command> {
        let mut command = Command::new(places::server()?);
        command.args(["--port", "0", "--data"]).arg(self.folder.join("data"));
        command.env("PARLEY_DIST", places::dist()?);
        let millis = [
            ("PARLEY_RING_MS", self.settings.ring),
            ("PARLEY_RECONNECT_MS", self.settings.reconnect),
            ("PARLEY_DRAIN_MS", self.settings.drain),
        ];
        for (name, value) in millis {
            if let Some(value) = value {
                command.env(name, value.as_millis().to_string());
            }
        }
        if let Some(preconnect) = self.settings.preconnect {
            command.env("PARLEY_PRECONNECT", preconnect.to_string());
        }
        Ok(command)
    }

    /// Returns the lines of the log that report a panic or an error.
    pub fn faults(&self) -> Result<Vec<String>> {
        let log = std::fs::read(self.log()).map_err(|error| anyhow!("no server log: {error}"))?;
        let faulty = |line: &&str| line.contains("panicked at") || line.contains(" ERROR ");
        Ok(String::from_utf8_lossy(&log).lines().filter(faulty).map(str::to_owned).collect())
    }
}
