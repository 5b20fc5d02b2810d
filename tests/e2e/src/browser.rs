//! Browsers: every person has one, with its own profile and driver, which leave no trace when dropped.

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

/// The camera and microphone of a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Media {
    /// Both, faked by the browser and allowed without asking.
    #[default]
    Fake,
    /// As `Fake`, with a voice that never pauses (Chromium).
    Speaking,
    /// As `Fake`, with a drawn person in the picture (Chromium).
    Portrait(usize),
    /// As `Portrait`, in a Chromium that traces its own work.
    Traced(usize),
    /// Two cameras, as on the two sides of a phone (Chromium).
    TwoCameras,
    /// Both exist, but the person has blocked the camera for the site.
    CameraDenied,
    /// Neither camera nor microphone exists.
    NoDevices,
}

/// A running browser with its driver and profile, all of which end when it is dropped.
#[derive(Debug)]
pub struct Browser {
    pub kind: Kind,
    pub client: Client,
    media: Media,
    driver: Process,
    /// The length of the driver's output that belongs to earlier stories.
    earlier: usize,
    /// The profile, deleted when the browser is dropped.
    _profile: TempDir,
}

/// The size of a new window. The start options of both browsers have the same numbers.
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
        // The browser may write nowhere but below the profile's folder.
        command.env("HOME", profile.path()).env("XDG_CONFIG_HOME", profile.path().join(".config"));
        command.env("XDG_CACHE_HOME", profile.path().join(".cache")).env("TMPDIR", profile.path());
        let mut driver = Process::start(&mut command, &profile.path().join("driver.log"))?;
        let port = driver.announced(0, marker).await.with_context(|| format!("{kind}'s driver"))?;
        let client = connect(port, capabilities).await.with_context(|| format!("{kind} does not start"))?;
        Ok(Self { kind, client, media, driver, earlier: 0, _profile: profile })
    }

    /// Makes the browser like new: one empty window of the usual size, no cookies, an empty log. Other data
    /// of a page belongs to `origin`, which is never used again.
    async fn renewed(mut self, origin: &str) -> Result<Self> {
        let old = self.client.windows().await?;
        let new = self.client.new_window(true).await?.handle;
        for window in old {
            self.client.switch_to_window(window).await?;
            self.client.close_window().await?;
        }
        self.client.switch_to_window(new).await?;
        // `WebDriver` deletes the cookies of the current page's origin only.
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

    /// Returns the trace events since the last call, of a browser with [`Media::Traced`].
    pub async fn trace(&self) -> Result<Vec<Value>> {
        chromium::trace(&self.client).await
    }

    /// Returns complaints of the browser itself, such as failed loads and policy violations.
    pub async fn own_complaints(&self, origin: &str) -> Result<Vec<String>> {
        match self.kind {
            Kind::Chromium => chromium::complaints(&self.client).await,
            Kind::Firefox => Ok(firefox::complaints(&self.output()?, origin)),
        }
    }
}

/// The runtime of the connections to drivers. Each test has a runtime that ends with it, but a browser may
/// outlive the test.
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
