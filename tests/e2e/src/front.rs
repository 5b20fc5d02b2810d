//! The network between browsers and server, as far as it is TCP: one origin that outlives the server.
//!
//! It passes HTTP and the socket through unchanged, late when told so, and can cut or refuse both. It adds
//! one script to pages (`page/harness.js`), replaces ICE candidates by those of a relay when there is one,
//! and serves a bare page of its own under `/__bare/`.

mod bare;
mod proxy;
mod rewrite;
mod socket;

use crate::relay::Relay;
use anyhow::Result;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::header,
    response::Html,
    routing::{any, get, post},
    serve::ListenerExt,
};
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

/// An empty page of the origin, from which the server can be asked.
pub const BLANK: &str = "/__blank";

/// With an icon of its own: browsers would ask for one, and complain where there is none.
const BLANK_PAGE: &str = "<!doctype html><title>Blank</title>
    <link rel=icon href=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>\">";

/// A request that went through, for scenarios that must prove how something was asked.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    /// `Sec-Fetch-Mode`: a beacon is `no-cors`.
    pub mode: String,
    pub status: u16,
}

#[derive(Debug)]
pub struct Front {
    link: Arc<Link>,
    addr: SocketAddr,
    task: JoinHandle<()>,
}

/// State of the line, shared with every request on it.
#[derive(Debug)]
struct Link {
    server: Mutex<Option<SocketAddr>>,
    delay: Mutex<Duration>,
    relay: Mutex<Option<Relay>>,
    down: AtomicBool,
    /// How paths begin that are not found.
    withheld: Mutex<Option<&'static str>>,
    /// Counts the cuts; sockets end when it changes.
    cuts: watch::Sender<u64>,
    sockets: AtomicUsize,
    /// Pages mark the steps of a call's set-up.
    marks: AtomicBool,
    seen: Mutex<Vec<Seen>>,
    /// Console lines of pages that have gone.
    last_words: Mutex<Vec<String>>,
    rooms: bare::Rooms,
    client: proxy::Client,
}

impl Front {
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        let link = Arc::new(Link {
            server: Mutex::default(),
            delay: Mutex::default(),
            relay: Mutex::default(),
            down: AtomicBool::new(false),
            withheld: Mutex::default(),
            cuts: watch::Sender::new(0),
            sockets: AtomicUsize::new(0),
            marks: AtomicBool::new(false),
            seen: Mutex::default(),
            last_words: Mutex::default(),
            rooms: bare::Rooms::default(),
            client: proxy::client(),
        });
        let router = Router::new()
            .route("/__harness.js", get(script))
            .route(BLANK, get(async || Html(BLANK_PAGE)))
            .route("/__harness/log", post(last_words))
            .route("/__bare/", get(bare::page))
            .route("/__bare/bare.js", get(bare::script))
            .route("/__bare/ws", get(bare::socket))
            .route("/api/ws", any(socket::pass))
            .fallback(proxy::pass)
            .with_state(link.clone());
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let task = tokio::spawn(async move {
            // Serving ends with the task.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { link, addr, task })
    }

    /// What the browsers see as Parley's origin.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.addr.port())
    }

    /// Where requests go from here on; `None` while there is no server.
    pub fn set_server(&self, server: Option<SocketAddr>) {
        *locked(&self.link.server) = server;
    }

    /// Time that everything takes in each direction.
    pub fn set_delay(&self, delay: Duration) {
        *locked(&self.link.delay) = delay;
    }

    /// Sends the media of calls that begin from here on through `relay`.
    pub fn set_relay(&self, relay: Option<Relay>) {
        *locked(&self.link.relay) = relay;
    }

    /// Pages that are opened from here on mark the steps of a call's set-up.
    pub fn set_marks(&self, marks: bool) {
        self.link.marks.store(marks, Ordering::Relaxed);
    }

    /// Ends every socket without a closing handshake.
    pub fn cut_sockets(&self) {
        self.link.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// While down, sockets are cut and nothing gets through.
    pub fn set_down(&self, down: bool) {
        self.link.down.store(down, Ordering::Relaxed);
        if down {
            self.cut_sockets();
        }
    }

    /// Answers requests for paths that begin so with 404, as a server with another page does.
    pub fn withhold(&self, begins: Option<&'static str>) {
        *locked(&self.link.withheld) = begins;
    }

    /// Sockets to the server that were ever opened.
    pub fn sockets(&self) -> usize {
        self.link.sockets.load(Ordering::Relaxed)
    }

    /// Requests that went through so far.
    pub fn seen(&self) -> Vec<Seen> {
        locked(&self.link.seen).clone()
    }

    /// Console lines (JSON arrays) of pages that were closed or left.
    pub fn last_words(&self) -> Vec<String> {
        locked(&self.link.last_words).clone()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.task.abort();
        self.cut_sockets();
    }
}

impl Link {
    fn server(&self) -> Option<SocketAddr> {
        if self.down.load(Ordering::Relaxed) { None } else { *locked(&self.server) }
    }

    fn delay(&self) -> Duration {
        *locked(&self.delay)
    }

    fn withholds(&self, path: &str) -> bool {
        locked(&self.withheld).is_some_and(|begins| path.starts_with(begins))
    }

    fn relay(&self) -> Option<Relay> {
        locked(&self.relay).clone()
    }

    /// Lets one leg of the way pass.
    async fn travel(&self) {
        let delay = self.delay();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await; // tidy: allow sleep: this is the network's delay
        }
    }
}

async fn script(State(link): State<Arc<Link>>) -> ([(header::HeaderName, &'static str); 2], &'static str) {
    let headers = [(header::CONTENT_TYPE, "text/javascript"), (header::CACHE_CONTROL, "no-store")];
    let with_marks = concat!(include_str!("page/harness.js"), include_str!("page/marks.js"));
    let marks = link.marks.load(Ordering::Relaxed);
    (headers, if marks { with_marks } else { include_str!("page/harness.js") })
}

async fn last_words(State(link): State<Arc<Link>>, body: Bytes) {
    locked(&link.last_words).push(String::from_utf8_lossy(&body).into_owned());
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
