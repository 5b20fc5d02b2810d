//! What was begun is finished, whether or not somebody still waits for the answer; and nobody waits for ever.
//!
//! A page that closes hangs up as soon as it has said so. The request would be dropped where it stands
//! then, for example between writing a change and telling the others.

use crate::{app::App, error::ApiError};
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use parley_protocol::ErrorCode;
use tokio::time::timeout;
use tracing::Instrument;

pub async fn always(State(app): State<App>, request: Request, next: Next) -> Response {
    let answering = async {
        if matches!(*request.method(), Method::GET | Method::HEAD) {
            return next.run(request).await;
        }
        match tokio::spawn(next.run(request).in_current_span()).await {
            Ok(response) => response,
            Err(error) => ApiError::internal("request", &error).into_response(),
        }
    };
    // A database that hangs says nothing, not even that it is away.
    timeout(app.config.answer, answering).await.unwrap_or_else(|_| {
        let sentence = "the server cannot answer this for the moment; try again shortly";
        ApiError::new(ErrorCode::Unavailable, sentence).into_response()
    })
}
