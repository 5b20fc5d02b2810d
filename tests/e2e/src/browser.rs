//! A browser of its own for every person: a profile and a driver of its own, gone without trace when dropped.

mod chromium;
mod firefox;
mod pool;

pub use pool::Pool;

use crate::{front::BLANK, places, process::Process};
use anyhow::{Context, Result};
use fantoccini::{Client, ClientBuilder, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use std::{fmt, process::Command, sync::LazyLock};
use tempfile::TempDir;
use tokio::runtime::{self, Runtime};

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
    media: Media,
    driver: Process,
    /// Length of the driver's output that belongs to earlier stories.
    earlier: usize,
    /// Goes when the browser is dropped.
    _profile: TempDir,
}

/// The size of a new window, as both browsers are told at their start.
const SIZE: (u32, u32) = (800, 640);

impl Browser {
    /// Starts a browser for pages of `origin`.
    pub async fn start(kind: Kind, media: Media, origin: &str) -> Result<Self> {
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
        let mut driver = Process::start(&mut command, &profile.path().join("driver.log"))?;
        let port = driver.announced(0, marker).await.with_context(|| format!("{kind}'s driver"))?;
        let client = connect(port, capabilities).await.with_context(|| format!("{kind} does not start"))?;
        Ok(Self { kind, client, media, driver, earlier: 0, _profile: profile })
    }

    /// Makes it like new: one empty window of the usual size, no cookies, nothing said. What else a page keeps belongs to
    /// `origin`, which is never used again.
    async fn renewed(mut self, origin: &str) -> Result<Self> {
        let old = self.client.windows().await?;
        let new = self.client.new_window(true).await?.handle;
        for window in old {
            self.client.switch_to_window(window).await?;
            self.client.close_window().await?;
        }
        self.client.switch_to_window(new).await?;
        // Cookies can be deleted where a page could see them.
        self.client.goto(&format!("{origin}{BLANK}")).await?;
        self.client.delete_all_cookies().await?;
        self.client.goto("about:blank").await?;
        self.client.set_window_size(SIZE.0, SIZE.1).await?;
        self.own_complaints(origin).await?;
        self.earlier = self.driver.output()?.len();
        Ok(self)
    }

    /// Reads the output of driver and browser during this story.
    pub fn output(&self) -> Result<String> {
        let mut output = self.driver.output()?;
        Ok(output.split_off(self.earlier))
    }

    /// What a traced browser has worked on since the last time.
    pub async fn trace(&self) -> Result<Vec<Value>> {
        chromium::trace(&self.client).await
    }

    /// Console lines that only the browser itself knows of (failed loads, policy violations).
    pub async fn own_complaints(&self, origin: &str) -> Result<Vec<String>> {
        match self.kind {
            Kind::Chromium => chromium::complaints(&self.client).await,
            Kind::Firefox => Ok(firefox::complaints(&self.output()?, origin)),
        }
    }
}

/// Where the connections to drivers live. Every test has a runtime of its own, which ends with it; a browser may not.
static DRIVERS: LazyLock<Runtime> = LazyLock::new(|| {
    let builder = &mut runtime::Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().expect("a thread for the drivers")
});

async fn connect(port: u16, capabilities: Capabilities) -> Result<Client> {
    let client = async move {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities).connect(&format!("http://127.0.0.1:{port}")).await
    };
    Ok(DRIVERS.spawn(client).await??)
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
        })
    }
}
