//! What was begun is finished, whether or not somebody still waits for the answer; and nobody waits for ever.
//!
//! A page that closes hangs up as soon as it has said so. The request would be dropped where it stands
//! then, for example between writing a change and telling the others.

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
    task::{Context, Poll},
};
use tokio::{runtime::Handle, time::timeout};
use tracing::Instrument;

pub async fn always(app: &App, request: Request, next: Next) -> Response {
    let answering = async {
        if matches!(*request.method(), Method::GET | Method::HEAD) {
            return next.run(request).await;
        }
        Finished::new(next.run(request).in_current_span()).await
    };
    // A database that hangs says nothing, not even that it is away.
    timeout(app.config.answer, answering).await.unwrap_or_else(|_| {
        let sentence = "the server cannot answer this for the moment; try again shortly";
        ApiError::new(ErrorCode::Unavailable, sentence).into_response()
    })
}

/// Runs where it is waited for, and in a task of its own from the moment when nobody waits any longer.
struct Finished(Option<Pin<Box<dyn Future<Output = Response> + Send>>>);

impl Finished {
    fn new(work: impl Future<Output = Response> + Send + 'static) -> Self {
        // One request that panics is answered, and its connection goes on.
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
        // Without a runtime the server has stopped.
        if let Some(work) = self.0.take()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(work);
        }
    }
}

fn panicked() -> Response {
    ApiError::internal("request", &"it panicked").into_response()
}
