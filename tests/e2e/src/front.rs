//! The TCP part of the network between browsers and server: a proxy with one origin that outlives the server.
//!
//! It passes HTTP and the socket through unchanged, with a delay if one is set, and can cut or refuse both.
//! It adds one script to pages (`page/harness.js`), replaces ICE candidates by those of a relay when there is
//! one, and serves a bare page of its own under `/__bare/`.

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

/// The path of an empty page, from which scripts can send requests to the server.
pub const BLANK: &str = "/__blank";

/// The empty page. It has an icon, since browsers request one and complain when it is missing.
const BLANK_PAGE: &str = "<!doctype html><title>Blank</title>
    <link rel=icon href=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>\">";

/// A request that went through, for scenarios that check how the page asked.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    /// The `Sec-Fetch-Mode` header: a beacon has `no-cors`.
    pub mode: String,
    pub status: u16,
}

/// The running proxy. It stops when dropped.
#[derive(Debug)]
pub struct Front {
    link: Arc<Link>,
    addr: SocketAddr,
    task: JoinHandle<()>,
}

/// The state that every connection shares.
#[derive(Debug)]
struct Link {
    server: Mutex<Option<SocketAddr>>,
    delay: Mutex<Duration>,
    relay: Mutex<Option<Relay>>,
    down: AtomicBool,
    /// The prefix of paths that are answered with 404.
    withheld: Mutex<Option<&'static str>>,
    /// The number of cuts; sockets end when it changes.
    cuts: watch::Sender<u64>,
    sockets: AtomicUsize,
    /// Whether pages record the steps of a call's set-up.
    marks: AtomicBool,
    seen: Mutex<Vec<Seen>>,
    /// The console lines of pages that were closed.
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
            // Serving ends when the task is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { link, addr, task })
    }

    /// Returns the origin of Parley that browsers see.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.addr.port())
    }

    /// Sets the server that requests go to; `None` while there is none.
    pub fn set_server(&self, server: Option<SocketAddr>) {
        *locked(&self.link.server) = server;
    }

    /// Sets the delay in each direction.
    pub fn set_delay(&self, delay: Duration) {
        *locked(&self.link.delay) = delay;
    }

    /// Routes the media of calls that begin from here on through `relay`.
    pub fn set_relay(&self, relay: Option<Relay>) {
        *locked(&self.link.relay) = relay;
    }

    /// Makes pages that are opened from here on record the steps of a call's set-up.
    pub fn set_marks(&self, marks: bool) {
        self.link.marks.store(marks, Ordering::Relaxed);
    }

    /// Ends every socket without a closing handshake.
    pub fn cut_sockets(&self) {
        self.link.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Takes the network down or up. While down, sockets are cut and nothing gets through.
    pub fn set_down(&self, down: bool) {
        self.link.down.store(down, Ordering::Relaxed);
        if down {
            self.cut_sockets();
        }
    }

    /// Answers requests for paths with this prefix with 404, as a server with a newer page does.
    pub fn withhold(&self, begins: Option<&'static str>) {
        *locked(&self.link.withheld) = begins;
    }

    /// Returns the number of sockets to the server that were ever opened.
    pub fn sockets(&self) -> usize {
        self.link.sockets.load(Ordering::Relaxed)
    }

    /// Returns the requests that went through so far.
    pub fn seen(&self) -> Vec<Seen> {
        locked(&self.link.seen).clone()
    }

    /// Returns the console lines (JSON arrays) of pages that were closed or left.
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

    /// Waits for the delay of one direction.
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
