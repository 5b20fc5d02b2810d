//! A browser of its own for every person: fresh profile, own driver, gone without trace when dropped.

mod chromium;
mod firefox;

use crate::{places, process::Process};
use anyhow::{Context, Result};
use fantoccini::{Client, ClientBuilder, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use std::{
    fmt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use tempfile::TempDir;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Chromium,
    Firefox,
}

/// Camera and microphone as the browser has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Media {
    /// Both, made up by the browser, allowed without asking.
    #[default]
    Fake,
    /// The same, with a voice that never pauses, in Chromium.
    Speaking,
    /// The same, with a drawn person in the picture, in Chromium.
    Portrait(usize),
    /// The same again, in a Chromium that writes down what it works on.
    Traced(usize),
    /// Two cameras, as on the two sides of a phone, in Chromium.
    TwoCameras,
    /// Both exist; the person has blocked the camera for the site and allowed the microphone.
    CameraDenied,
    /// Neither exists.
    NoDevices,
}

/// A running browser with its driver. The profile goes with it.
#[derive(Debug)]
pub struct Browser {
    pub kind: Kind,
    pub client: Client,
    driver: Process,
    profile: TempDir,
}

impl Browser {
    /// Starts a browser for pages of `origin`; the driver's output goes to `log`.
    pub async fn start(kind: Kind, media: Media, origin: &str, log: &Path) -> Result<Self> {
        let profile = tempfile::Builder::new().prefix("parley-e2e-").tempdir()?;
        let (mut command, marker, capabilities) = match kind {
            Kind::Chromium => {
                let mut command = Command::new(places::chromedriver()?);
                command.args(["--port=0", "--allowed-ips=127.0.0.1"]);
                let capabilities = chromium::capabilities(media, origin, profile.path())?;
                (command, "started successfully on port", capabilities)
            }
            Kind::Firefox => {
                let mut command = Command::new(places::geckodriver()?);
                command.args(["--port", "0", "--websocket-port", "0"]);
                (command, "Listening on ", firefox::capabilities(media, profile.path())?)
            }
        };
        // Whatever a browser keeps, it keeps in the profile's folder.
        command.env("HOME", profile.path()).env("XDG_CONFIG_HOME", profile.path().join(".config"));
        command.env("XDG_CACHE_HOME", profile.path().join(".cache")).env("TMPDIR", profile.path());
        let mut driver = Process::start(&mut command, log)?;
        let port = driver.announced(0, marker).await.with_context(|| format!("{kind}'s driver"))?;
        let client = connect(port, capabilities).await.with_context(|| format!("{kind} does not start"))?;
        Ok(Self { kind, client, driver, profile })
    }

    /// Ends it. It is killed, which is quicker than asking: what it would still write goes with its profile.
    pub async fn close(self) {
        if self.kind == Kind::Firefox && firefox::is_first_to_close() {
            let _ = tokio::time::timeout(Duration::from_secs(5), self.client.clone().close()).await;
            if let Err(error) = firefox::keep_start(self.profile.path()) {
                eprintln!("the next Firefox starts as slowly as this one: {error:#}");
            }
        }
    }

    pub fn log(&self) -> PathBuf {
        self.driver.log().to_owned()
    }

    /// What a traced browser has worked on since the last time.
    pub async fn trace(&self) -> Result<Vec<Value>> {
        chromium::trace(&self.client).await
    }

    /// Console lines that only the browser itself knows of (failed loads, policy violations).
    pub async fn own_complaints(&self, origin: &str) -> Result<Vec<String>> {
        match self.kind {
            Kind::Chromium => chromium::complaints(&self.client).await,
            Kind::Firefox => Ok(firefox::complaints(&self.driver.output()?, origin)),
        }
    }
}

async fn connect(port: u16, capabilities: Capabilities) -> Result<Client> {
    let client = ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&format!("http://127.0.0.1:{port}"))
        .await?;
    Ok(client)
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
        })
    }
}
