//! The router. The files below it mirror the paths: one route, one file.

mod api;
mod health;
mod metrics;
mod ready;

use crate::{
    app::App,
    error::ApiError,
    http::{finish, headers, limit, origin, watch},
    openapi::Document,
};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, Uri},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use parley_protocol::ErrorCode;
use std::sync::LazyLock;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Builds every route with its OpenAPI description. No route is mounted in any other way; `cargo xtask tidy`
/// checks it.
pub fn described() -> OpenApiRouter<App> {
    api::routes(
        OpenApiRouter::new()
            .routes(routes!(health::get))
            .routes(routes!(ready::get))
            .routes(routes!(metrics::get)),
    )
}

/// Returns the OpenAPI document, which is made at the first request for it.
pub fn document() -> &'static Document {
    static DOCUMENT: LazyLock<Document> = LazyLock::new(|| Document::of(described().split_for_parts().1));
    &DOCUMENT
}

/// Builds the router of the server.
pub fn router(app: App) -> Router {
    let (routes, _) = described().split_for_parts();
    routes
        .method_not_allowed_fallback(wrong_method)
        .fallback(page)
        // Everything is in one layer, because axum clones each layer's inner service for every request.
        .layer(middleware::from_fn_with_state(app.clone(), around))
        .with_state(app)
}

/// Handles every request, whichever route it takes: span and metrics outside, headers inside them, then the
/// route.
async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let summary = watch::RequestSummary::of(&request);
    let answering = async { headers::add(admit(&app, request, next).await, &app.config) };
    watch::observe(&app, summary, answering).await
}

/// Passes the request on to its route, unless its origin or the limits by address refuse it.
async fn admit(app: &App, request: Request, next: Next) -> Response {
    if let Some(refusal) = origin::refuse(app, &request) {
        return refusal.into_response();
    }
    if let Some((what, from)) = limit::by_address(app, &request)
        && let Err(refusal) = app.limits.take(what, from, app.clock.now()).await
    {
        return refusal.into_response();
    }
    finish::run(app, request, next).await
}

/// Builds the router of `metrics_bind`, which serves the metrics and nothing else.
pub fn metrics_alone(app: App) -> Router {
    Router::new().fallback(metrics::open).with_state(app)
}

async fn wrong_method() -> ApiError {
    ApiError::new(ErrorCode::MethodNotAllowed, "this path does not support that method")
}

/// Serves the page at every path that is not one of the server's.
async fn page(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    if path == "/api" || path.starts_with("/api/") {
        return ApiError::not_found().into_response();
    }
    if matches!(method, Method::GET | Method::HEAD) {
        app.assets.answer(path, &headers)
    } else {
        StatusCode::METHOD_NOT_ALLOWED.into_response()
    }
}
