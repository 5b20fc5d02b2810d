//! The memory that idle sockets cost: they are signed in and send nothing but heartbeats.

use anyhow::{Result, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    task::JoinSet,
    time::{Instant, interval_at, sleep},
};

use crate::{
    Programs,
    http::Http,
    process::{Kind, Server},
    user::{HEARTBEAT, User},
};

/// Pause before measuring: every socket has sent a heartbeat, and the memory used while opening has been
/// freed.
const SETTLE: Duration = Duration::from_secs(12);
/// Number of connections over which people sign in, and of sockets that open at the same time.
const AT_ONCE: usize = 8;

/// The memory of a server with a number of idle sockets, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    pub sockets: usize,
    pub total: u64,
    /// Growth since the server started, per socket.
    pub each: f64,
}

/// Opens more and more sockets on a fresh server, and measures its memory at each of the sizes.
pub async fn measure(kind: Kind, programs: &Programs, sizes: &[usize]) -> Result<Vec<Memory>> {
    let server = Server::start(kind, programs)?;
    sleep(Duration::from_secs(1)).await;
    let before = server.memory()?;
    let mut sockets = JoinSet::new();
    let lost = Arc::new(AtomicUsize::new(0));
    let mut measured = Vec::new();
    for &size in sizes {
        for user in open(&server, sockets.len()..size).await? {
            sockets.spawn(keep(user, sockets.len(), lost.clone()));
        }
        sleep(SETTLE).await;
        let lost = lost.load(Ordering::Relaxed);
        ensure!(lost == 0, "{lost} of {size} sockets on {} were lost: {}", kind.name(), server.stderr());
        let total = server.memory()?;
        #[expect(clippy::cast_precision_loss, reason = "bytes of memory are far below 2^52")]
        let each = total.saturating_sub(before) as f64 / size as f64;
        measured.push(Memory { sockets: size, total, each });
    }
    Ok(measured)
}

async fn open(server: &Server, numbers: std::ops::Range<usize>) -> Result<Vec<User>> {
    let (kind, addr) = (server.kind, server.addr);
    let (first, last) = (numbers.start, numbers.end);
    let shares = (0..AT_ONCE).map(|share| async move {
        let mut http = if kind == Kind::Parley { Some(Http::open(addr).await?) } else { None };
        let mut users = Vec::new();
        for nth in (first + share..last).step_by(AT_ONCE) {
            users.push(User::join(kind, addr, nth, http.as_mut()).await?);
        }
        anyhow::Ok(users)
    });
    let users: Vec<Vec<User>> = stream::iter(shares).buffer_unordered(AT_ONCE).try_collect().await?;
    Ok(users.into_iter().flatten().collect())
}

/// Keeps a socket alive as its client would, and counts it as lost when it breaks.
async fn keep(mut user: User, nth: usize, lost: Arc<AtomicUsize>) {
    let beats = u32::try_from(nth % 1_000).unwrap_or(0);
    let mut beat = interval_at(Instant::now() + HEARTBEAT / 1_000 * beats, HEARTBEAT);
    loop {
        let alive = tokio::select! {
            _ = beat.tick() => user.heartbeat().await,
            heard = user.idle() => heard,
        };
        if alive.is_err() {
            lost.fetch_add(1, Ordering::Relaxed);
            return;
        }
    }
}
