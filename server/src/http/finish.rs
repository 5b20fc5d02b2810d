//! What was begun is finished, whether or not somebody still waits for the answer.
//!
//! A page that closes hangs up as soon as it has said so. The request would be dropped where it stands
//! then, for example between writing a change and telling the others.

use crate::error::ApiError;
use axum::{
    extract::Request,
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};

pub async fn always(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) => ApiError::internal("request", &error).into_response(),
    }
}
