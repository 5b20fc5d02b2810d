//! The id, span and metrics of every request. The id is in the answer and in every line that the request
//! logs.
//!
//! Requests are logged and counted by their route. Neither the path nor the headers are logged, since both
//! hold tokens.

use crate::app::App;
use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method},
    response::Response,
};
use parley_protocol::ErrorCode;
use std::time::Instant;
use tracing::Instrument;
use uuid::Uuid;

/// The header with the request's id.
pub const ID: HeaderName = HeaderName::from_static("x-request-id");

/// The method and route of a request, which is all that is logged of it.
pub struct RequestSummary {
    method: Method,
    route: Option<MatchedPath>,
}

impl RequestSummary {
    pub fn of(request: &Request) -> Self {
        Self { method: request.method().clone(), route: request.extensions().get().cloned() }
    }
}

/// Runs the request in its span, counts it, and adds its id to the answer.
pub async fn observe(
    app: &App,
    summary: RequestSummary,
    answering: impl Future<Output = Response>,
) -> Response {
    let id = Uuid::now_v7().simple().to_string();
    let method = summary.method;
    // A path without a route is a file of the page, or does not exist.
    let route = summary.route.as_ref().map_or("page", MatchedPath::as_str);
    let span = tracing::info_span!("request", id, %method, route);
    let begun = Instant::now();
    let mut response = answering.instrument(span.clone()).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    span.in_scope(|| tracing::debug!(status, took_us = took.as_micros(), "answered"));
    app.metrics.request(method_label(method.as_str()), route, status, took);
    if let Some(code) = response.extensions().get::<ErrorCode>() {
        app.metrics.refused("http", *code);
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(ID, id);
    }
    response
}

/// Returns the method as a label. A client may invent methods, and labels must stay few.
fn method_label(method: &str) -> &str {
    match method {
        "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => method,
        _ => "other",
    }
}
