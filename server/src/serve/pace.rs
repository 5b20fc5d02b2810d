//! The deadlines of one connection: for the head of each request, and for silence.
//!
//! hyper has one timeout for both. It would have to be as long as the silence that is allowed between two
//! requests, and a client that sends a byte now and then would hold its connection for that long.

use super::places::Place;
use axum::{
    body::{Body, Bytes, HttpBody},
    http::{Response, Version},
};
use hyper::body::{Frame, SizeHint};
use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
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
/// The time that every answer has to be written, and the least speed after that, in bytes a second. Without
/// them a client that reads nothing could keep the answers to many requests in memory.
const WRITTEN_WITHIN: Duration = Duration::from_secs(30);
const LEAST_SPEED: u64 = 4 * 1_024;
/// The most bytes of an answer that hyper is given at once.
const PIECE: usize = 16 * 1_024;

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
    /// The deadlines of the answers that are being written, by the number of their request.
    answers: Vec<(u64, Instant)>,
    /// The number of the next request.
    next: u64,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// The head of a request is being read since this time.
    Head(Instant),
    /// This many requests are open.
    Busy(u32),
    /// No request is open since this time.
    Quiet(Instant),
}

impl Pace {
    pub fn new() -> Arc<Self> {
        let phase = Phase::Head(Instant::now());
        let state = State { phase, is_multiplexed: false, answers: Vec::new(), next: 0 };
        Arc::new(Self { state: Mutex::new(state), changed: Notify::new() })
    }

    /// Notes that the head of a request is complete. The request is open until the result is dropped.
    pub fn begin(self: &Arc<Self>, version: Version) -> Busy {
        let mut state = self.state();
        state.is_multiplexed |= version == Version::HTTP_2;
        state.phase = match state.phase {
            Phase::Busy(requests) => Phase::Busy(requests + 1),
            Phase::Head(_) | Phase::Quiet(_) => Phase::Busy(1),
        };
        let number = state.next;
        state.next += 1;
        drop(state);
        Busy { pace: self.clone(), number }
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
        let state = self.state();
        match state.phase {
            Phase::Head(since) => Some(since + HEAD_WITHIN),
            Phase::Quiet(since) => Some(since + IDLE),
            Phase::Busy(_) => state.answers.iter().map(|(_, deadline)| *deadline).min(),
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

    /// The end of an answer may still be written when its request counts as done. On a connection with many
    /// requests at once, what is written says nothing.
    fn note_written(&self) {
        let mut state = self.state();
        if state.is_multiplexed {
            return;
        }
        if let Phase::Quiet(since) = &mut state.phase {
            *since = Instant::now();
        }
    }

    fn end(&self, number: u64) {
        let mut state = self.state();
        state.answers.retain(|(of, _)| *of != number);
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

/// An open request: it is being handled, or its answer is being written.
pub struct Busy {
    pace: Arc<Pace>,
    number: u64,
}

impl Busy {
    /// Returns the answer, whose request is open until its body has been written or given up.
    pub fn answer(self, answer: Response<Body>) -> Response<Answer> {
        let length = answer.body().size_hint().upper().unwrap_or(0);
        let deadline = Instant::now() + WRITTEN_WITHIN + Duration::from_millis(length * 1_000 / LEAST_SPEED);
        self.pace.state().answers.push((self.number, deadline));
        self.pace.changed.notify_one();
        answer.map(|body| Answer { body, rest: Bytes::new(), _busy: self })
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.pace.end(self.number);
    }
}

/// The body of an answer, with its open request. It comes in small pieces, because hyper takes a piece whole:
/// the body of one piece would count as written before the client has read any of it.
pub struct Answer {
    body: Body,
    rest: Bytes,
    _busy: Busy,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        let length = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (mut hint, rest) = (self.body.size_hint(), self.rest.len() as u64);
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(hint.lower() + rest);
        hint
    }
}

/// The bytes of a connection, which are noted in its pace.
pub struct Paced<Io> {
    io: Io,
    pace: Arc<Pace>,
    /// Kept as long as the bytes flow, also when the connection becomes a WebSocket.
    _place: Place,
}

impl<Io> Paced<Io> {
    pub fn new(io: Io, pace: Arc<Pace>, its: Place) -> Self {
        Self { io, pace, _place: its }
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
