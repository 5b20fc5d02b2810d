//! Requests that change something run to their end, even when the client hangs up; and every answer has a
//! time limit.
//!
//! A page that closes sends its last request and hangs up at once. hyper then drops the future of the request
//! wherever it stands, for example between the commit of a change and the messages about it. `Finished`
//! moves such a future into a task of its own instead. The same happens when the time limit has passed: the
//! client gets an error, and the work goes on.

use super::body;
use crate::{app::App, error::ApiError};
use axum::{
    extract::Request,
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use parley_protocol::ErrorCode;
use std::{
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    task::{Context, Poll},
};
use tokio::{
    runtime::Handle,
    sync::oneshot,
    time::{sleep, timeout},
};
use tracing::Instrument;

/// Answers a request within `answer_ms`.
pub async fn run(app: &App, request: Request, next: Next) -> Response {
    // A request that only reads may be dropped anywhere.
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return timeout(app.config.answer, next.run(request)).await.unwrap_or_else(|_| unavailable());
    }
    if ABANDONED.load(Relaxed) >= ABANDONED_MAX {
        return unavailable();
    }
    let (tell, received) = oneshot::channel();
    let work = async move {
        match body::receive(request).await {
            Ok(request) => {
                _ = tell.send(());
                next.run(request).await
            }
            Err(refusal) => refusal,
        }
    };
    // The body has a time limit of its own. A database that hangs returns no error, so only this limit ends
    // the wait for it.
    let late = async {
        _ = received.await;
        sleep(app.config.answer).await;
    };
    tokio::select! {
        biased;
        response = Finished::new(work.in_current_span()) => response,
        () = late => unavailable(),
    }
}

fn unavailable() -> Response {
    let sentence = "the server cannot answer this for the moment; try again shortly";
    ApiError::new(ErrorCode::Unavailable, sentence).into_response()
}

/// A future that continues in a task of its own when it is dropped before its end.
struct Finished(Option<Pin<Box<dyn Future<Output = Response> + Send>>>);

impl Finished {
    fn new(work: impl Future<Output = Response> + Send + 'static) -> Self {
        // A panic is answered with an error, and the connection goes on.
        let work = AssertUnwindSafe(work).catch_unwind();
        Self(Some(Box::pin(work.map(|done| done.unwrap_or_else(|_| panicked())))))
    }
}

impl Future for Finished {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        let Some(work) = &mut self.0 else { return Poll::Ready(panicked()) };
        let polled = work.as_mut().poll(context);
        if polled.is_ready() {
            self.0 = None;
        }
        polled
    }
}

impl Drop for Finished {
    fn drop(&mut self) {
        // There is no runtime any more when the process is stopping.
        if let Some(work) = self.0.take()
            && let Ok(runtime) = Handle::try_current()
        {
            ABANDONED.fetch_add(1, Relaxed);
            runtime.spawn(async {
                _ = work.await;
                ABANDONED.fetch_sub(1, Relaxed);
            });
        }
    }
}

/// The requests that go on although their client has hung up.
static ABANDONED: AtomicUsize = AtomicUsize::new(0);
/// The most of them, beyond which no change is begun: a client that asks and hangs up at once, again and
/// again, must not make work faster than it is done.
const ABANDONED_MAX: usize = 1_000;

fn panicked() -> Response {
    ApiError::internal("request", &"it panicked").into_response()
}
