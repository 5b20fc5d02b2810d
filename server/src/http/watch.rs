//! Every request has an id, which its answer and the lines that it logs carry; and is counted by its route.
//!
//! Neither the address nor the headers are logged: there are tokens in both.

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

pub const ID: HeaderName = HeaderName::from_static("x-request-id");

/// What was asked for, as far as it is told.
pub struct RequestSummary {
    method: Method,
    route: Option<MatchedPath>,
}

impl RequestSummary {
    pub fn of(request: &Request) -> Self {
        Self { method: request.method().clone(), route: request.extensions().get().cloned() }
    }
}

pub async fn over(app: &App, summary: RequestSummary, answering: impl Future<Output = Response>) -> Response {
    let id = Uuid::now_v7().simple().to_string();
    let method = summary.method;
    // What is no route of ours is a file of the page, or nothing.
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

/// A client may make methods up; the labels stay few.
fn method_label(method: &str) -> &str {
    match method {
        "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => method,
        _ => "other",
    }
}
