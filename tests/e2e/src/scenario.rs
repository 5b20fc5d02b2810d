//! Scenarios: each has a fresh server, a fresh network and clean browsers. All of them end with it, and a
//! failure leaves traces in a folder.

use crate::{
    artifacts,
    browser::{Browser, Kind, Media, Pool},
    clock::{self, Clock, Phase},
    front::Front,
    places,
    server::{Server, Settings},
    user::User,
};
use anyhow::{Context, Result, anyhow, ensure};
use futures_util::{FutureExt, future::join_all};
use rusqlite::OpenFlags;
use std::{
    fmt::Write,
    net::SocketAddr,
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tempfile::TempDir;
use tokio::sync::Semaphore;

/// The time limit of one scenario, browsers included. A walk with four people in a call takes 190 s on two
/// slow cores; the limit is there for scenarios that hang.
const LIMIT: Duration = Duration::from_secs(300);
/// The errors that Firefox reports to a page being left, one for each request that it aborts.
const BROKEN_OFF: [&str; 2] =
    ["AbortError: The operation was aborted", "NetworkError when attempting to fetch resource"];
/// The share of the machine that a story needs. Two cores carry one busy pair of browsers and one that mostly
/// waits, or two that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// A story that mostly waits for time to pass.
    Little = 2,
    Most = 3,
    All = 5,
}

static TURN: Semaphore = Semaphore::const_new(Needs::All as usize);

/// The browsers of caller and callee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pair {
    Chromium,
    Firefox,
    /// The caller has Chromium, the callee Firefox.
    Mixed,
    /// The caller has Firefox, the callee Chromium.
    MixedBack,
}

impl Pair {
    pub fn kinds(self) -> (Kind, Kind) {
        match self {
            Self::Chromium => (Kind::Chromium, Kind::Chromium),
            Self::Firefox => (Kind::Firefox, Kind::Firefox),
            Self::Mixed => (Kind::Chromium, Kind::Firefox),
            Self::MixedBack => (Kind::Firefox, Kind::Chromium),
        }
    }
}

/// The parts of one scenario: the network, the server and the people with their browsers.
pub struct World {
    pub name: String,
    pub front: Front,
    server: tokio::sync::Mutex<Option<Server>>,
    server_log: PathBuf,
    users: Mutex<Vec<Arc<User>>>,
    allowed: Mutex<Vec<&'static str>>,
    folder: TempDir,
    pool: Option<Arc<Pool>>,
}

/// Runs `body` in a world with a server.
pub async fn scenario(name: &str, settings: Settings, body: impl AsyncFnOnce(&World) -> Result<()>) {
    run(name, Some(settings), LIMIT, Needs::Most, body).await;
}

/// Runs a story that mostly waits for time to pass, so that it may run beside others.
pub async fn patient_scenario(name: &str, settings: Settings, body: impl AsyncFnOnce(&World) -> Result<()>) {
    run(name, Some(settings), LIMIT, Needs::Little, body).await;
}

/// Runs a story alone, because it has more than two people in a call or measures the capacity of the machine.
pub async fn scenario_alone(name: &str, settings: Settings, body: impl AsyncFnOnce(&World) -> Result<()>) {
    long_scenario(name, settings, LIMIT, body).await;
}

/// Runs a story alone, with a longer time limit.
pub async fn long_scenario(
    name: &str,
    settings: Settings,
    limit: Duration,
    body: impl AsyncFnOnce(&World) -> Result<()>,
) {
    run(name, Some(settings), limit, Needs::All, body).await;
}

/// Runs `body` in a world that has only the front and its bare page.
pub async fn bare_scenario(name: &str, body: impl AsyncFnOnce(&World) -> Result<()>) {
    run(name, None, LIMIT, Needs::Most, body).await;
}

async fn run(
    name: &str,
    settings: Option<Settings>,
    limit: Duration,
    needs: Needs,
    body: impl AsyncFnOnce(&World) -> Result<()>,
) {
    let pool = Pool::shared();
    let _turn = TURN.acquire_many(needs as u32).await.expect("nobody closes it");
    let clock = Clock::start();
    clock.time(run_story(name, settings, limit, pool, body)).await;
    // The test program names each thread after its test.
    clock.write(std::thread::current().name().unwrap_or(name));
}

async fn run_story(
    name: &str,
    settings: Option<Settings>,
    limit: Duration,
    pool: Arc<Pool>,
    body: impl AsyncFnOnce(&World) -> Result<()>,
) {
    let mut world = World::new(name, settings).await.unwrap_or_else(|error| panic!("{name}: {error:#}"));
    world.pool = Some(pool);
    let story = async {
        body(&world).await?;
        world.ensure_clean().await
    };
    let outcome = match AssertUnwindSafe(tokio::time::timeout(limit, story)).catch_unwind().await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(anyhow!("not done after {limit:?}")),
        Err(panic) => Err(anyhow!("panicked: {}", message(&*panic))),
    };
    if let Err(error) = outcome {
        let reason = format!("{error:#}");
        let traces = match artifacts::save(&world, &reason).await {
            Ok(folder) => folder.display().to_string(),
            Err(error) => format!("none ({error:#})"),
        };
        world.end_with_browsers().await;
        panic!("{name}: {reason}\ntraces: {traces}");
    }
    world.end().await;
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}

impl World {
    pub async fn new(name: &str, settings: Option<Settings>) -> Result<Self> {
        let _starting = clock::during(Phase::Starting);
        let folder = tempfile::Builder::new().prefix("parley-e2e-").tempdir()?;
        let front = Front::start().await?;
        let mut server = None;
        if let Some(settings) = settings {
            places::dist()?;
            let started = Server::start(folder.path(), settings).await?;
            front.set_server(Some(started.addr()));
            server = Some(started);
        }
        let server_log = folder.path().join("server.log");
        Ok(Self {
            name: name.to_owned(),
            front,
            server: tokio::sync::Mutex::new(server),
            server_log,
            users: Mutex::default(),
            allowed: Mutex::default(),
            folder,
            pool: None,
        })
    }

    pub async fn user(&self, name: &str, kind: Kind, media: Media) -> Result<Arc<User>> {
        self.user_at(&self.front.origin(), name, kind, media).await
    }

    /// Adds a person whose browser is for pages of another origin than the front's.
    pub async fn user_at(&self, origin: &str, name: &str, kind: Kind, media: Media) -> Result<Arc<User>> {
        let _starting = clock::during(Phase::Starting);
        let browser = match self.pool.as_ref().and_then(|pool| pool.take(kind, media)) {
            Some(browser) => browser,
            None => Browser::start(kind, media, origin).await.with_context(|| format!("{name}'s browser"))?,
        };
        let user = Arc::new(User::new(name, origin, browser));
        self.users.lock().unwrap_or_else(PoisonError::into_inner).push(user.clone());
        Ok(user)
    }

    /// Adds two people with camera and microphone: the caller and the callee.
    pub async fn pair(&self, pair: Pair) -> Result<(Arc<User>, Arc<User>)> {
        let (caller, callee) = pair.kinds();
        tokio::try_join!(self.user("Alice", caller, Media::Fake), self.user("Bob", callee, Media::Fake))
    }

    pub fn users(&self) -> Vec<Arc<User>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the address of the server itself, behind the front.
    pub async fn server_addr(&self) -> Result<SocketAddr> {
        let server = self.server.lock().await;
        server.as_ref().map(Server::addr).ok_or_else(|| anyhow!("this world has no server"))
    }

    /// Kills the server without warning. The front then answers that it is away.
    pub async fn kill_server(&self) {
        self.front.set_server(None);
        if let Some(server) = self.server.lock().await.as_mut() {
            server.kill();
        }
    }

    /// Asks the server to shut down in good order.
    pub async fn end_server(&self) -> Result<()> {
        match self.server.lock().await.as_ref() {
            Some(server) => server.ask_to_end(),
            None => Ok(()),
        }
    }

    /// Starts the server again on the same data and under the same origin.
    pub async fn restart_server(&self) -> Result<()> {
        let mut server = self.server.lock().await;
        let server = server.as_mut().ok_or_else(|| anyhow!("this world has no server"))?;
        self.front.set_server(Some(server.restart().await?));
        Ok(())
    }

    /// Allows console lines with this text. A comment at the call says why.
    pub fn allow(&self, text: &'static str) {
        self.allowed.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }

    pub fn server_log(&self) -> PathBuf {
        self.server_log.clone()
    }

    /// Counts rows in the database of the running server.
    pub fn count_rows(&self, of: &str) -> Result<i64> {
        let file = self.folder.path().join("data/parley.db");
        let database = rusqlite::Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(database.query_row(&format!("SELECT count(*) FROM {of}"), [], |row| row.get(0))?)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the requests that went through the front, one per line.
    pub fn requests(&self) -> String {
        self.front.seen().into_iter().fold(String::new(), |mut lines, seen| {
            let _ = writeln!(lines, "{} {} {} {}", seen.status, seen.method, seen.path, seen.mode);
            lines
        })
    }

    /// Checks that no page, browser or server has complained.
    async fn ensure_clean(&self) -> Result<()> {
        let mut complaints = Vec::new();
        for user in self.users() {
            for window in user.windows().await? {
                user.switch(&window).await?;
                let bad = user.console().await.unwrap_or_default().into_iter();
                let bad = bad.filter(|line| matches!(line.level.as_str(), "error" | "warn"));
                complaints.extend(bad.map(|line| format!("{}: {}: {}", user.name, line.level, line.text)));
            }
            let own = user.browser.own_complaints(&self.front.origin()).await?;
            complaints.extend(own.into_iter().map(|line| format!("{}: {line}", user.name)));
        }
        for page in self.front.last_words() {
            let lines: Vec<crate::user::Line> = serde_json::from_str(&page).unwrap_or_default();
            let bad = lines.into_iter().filter(|line| matches!(line.level.as_str(), "error" | "warn"));
            let bad = bad.filter(|line| !BROKEN_OFF.iter().any(|text| line.text.contains(text)));
            complaints.extend(bad.map(|line| format!("a closed page: {}: {}", line.level, line.text)));
        }
        if let Some(server) = self.server.lock().await.as_ref() {
            complaints.extend(server.faults()?.into_iter().map(|line| format!("server: {line}")));
        }
        let allowed = self.allowed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        complaints.retain(|line| !allowed.iter().any(|text| line.contains(text)));
        ensure!(complaints.is_empty(), "complaints:\n{}", complaints.join("\n"));
        Ok(())
    }

    /// Ends server and network. The browsers end before them, or are given back to the pool.
    pub async fn end(self) {
        let _ending = clock::during(Phase::Ending);
        let Self { front, server, users, folder, pool, .. } = self;
        let origin = front.origin();
        let users = users.into_inner().unwrap_or_else(PoisonError::into_inner);
        let browsers = users.into_iter().filter_map(Arc::into_inner).map(|user| user.browser);
        match pool {
            Some(pool) => drop(join_all(browsers.map(|browser| pool.give_back(browser, &origin))).await),
            None => drop(browsers),
        }
        drop(server);
        drop(front);
        drop(folder);
    }

    /// Ends everything, browsers included: after a failure their state is unknown.
    async fn end_with_browsers(mut self) {
        self.pool = None;
        self.end().await;
    }
}
