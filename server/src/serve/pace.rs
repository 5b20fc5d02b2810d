//! The deadlines of one connection: for the head of each request, and for silence.
//!
//! hyper has one timeout for both. It would have to be as long as the silence that is allowed between two
//! requests, and a client that sends a byte now and then would hold its connection for that long.

use axum::http::Version;
use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::Notify,
    time::{Instant, sleep_until},
};

/// The longest time from the first byte of a request to the end of its head. The first request of a
/// connection has this long from the start of the connection.
const HEAD_WITHIN: Duration = Duration::from_secs(20);
/// The longest silence between requests. Proxies usually keep idle connections for less, so they close first
/// and never send a request on a connection that is just being closed here.
const IDLE: Duration = Duration::from_secs(120);

/// The state of a connection, shared by its bytes and its requests.
pub struct Pace {
    state: Mutex<State>,
    changed: Notify,
}

struct State {
    phase: Phase,
    /// Whether the connection carries several requests at once. Then bytes say nothing about where a head
    /// begins, and only silence has a deadline.
    is_multiplexed: bool,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// The head of a request is being read since this time.
    Head(Instant),
    /// This many requests are being answered.
    Busy(u32),
    /// The connection is silent since this time: no request is open, and no answer is being written.
    Quiet(Instant),
}

impl Pace {
    pub fn new() -> Arc<Self> {
        let state = State { phase: Phase::Head(Instant::now()), is_multiplexed: false };
        Arc::new(Self { state: Mutex::new(state), changed: Notify::new() })
    }

    /// Notes that the head of a request is complete. The request is being answered until the result is
    /// dropped.
    pub fn begin(self: &Arc<Self>, version: Version) -> Busy {
        let mut state = self.state();
        state.is_multiplexed |= version == Version::HTTP_2;
        state.phase = match state.phase {
            Phase::Busy(requests) => Phase::Busy(requests + 1),
            Phase::Head(_) | Phase::Quiet(_) => Phase::Busy(1),
        };
        drop(state);
        Busy(self.clone())
    }

    /// Returns once a deadline has passed.
    pub async fn overdue(&self) {
        loop {
            let changed = self.changed.notified();
            let Some(deadline) = self.deadline() else {
                changed.await;
                continue;
            };
            if deadline <= Instant::now() {
                return;
            }
            tokio::select! {
                () = sleep_until(deadline) => {}
                () = changed => {}
            }
        }
    }

    fn deadline(&self) -> Option<Instant> {
        match self.state().phase {
            Phase::Head(since) => Some(since + HEAD_WITHIN),
            Phase::Quiet(since) => Some(since + IDLE),
            Phase::Busy(_) => None,
        }
    }

    fn note_read(&self) {
        let mut state = self.state();
        if matches!(state.phase, Phase::Quiet(_)) && !state.is_multiplexed {
            state.phase = Phase::Head(Instant::now());
            drop(state);
            self.changed.notify_one();
        }
    }

    /// A long answer is written after its request counts as answered.
    fn note_written(&self) {
        let mut state = self.state();
        if let Phase::Quiet(since) = &mut state.phase {
            *since = Instant::now();
        }
    }

    fn end(&self) {
        let mut state = self.state();
        state.phase = match state.phase {
            Phase::Busy(requests) if requests > 1 => Phase::Busy(requests - 1),
            _ => Phase::Quiet(Instant::now()),
        };
        drop(state);
        self.changed.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered.
pub struct Busy(Arc<Pace>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// The bytes of a connection, which are noted in its pace.
pub struct Paced<Io> {
    io: Io,
    pace: Arc<Pace>,
}

impl<Io> Paced<Io> {
    pub fn new(io: Io, pace: Arc<Pace>) -> Self {
        Self { io, pace }
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for Paced<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.io).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.pace.note_read();
        }
        polled
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Paced<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write(context, bytes);
        self.written(polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write_vectored(context, parts);
        self.written(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}

impl<Io> Paced<Io> {
    fn written(&self, polled: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(polled, Poll::Ready(Ok(1..))) {
            self.pace.note_written();
        }
        polled
    }
}
