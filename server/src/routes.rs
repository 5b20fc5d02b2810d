//! The tree of addresses. The files below mirror it: one route, one file.

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

/// Every route with its description. Nothing is mounted in any other way (tidy looks).
pub fn described() -> OpenApiRouter<App> {
    api::routes(
        OpenApiRouter::new()
            .routes(routes!(health::get))
            .routes(routes!(ready::get))
            .routes(routes!(metrics::get)),
    )
}

/// The OpenAPI document, made at the first request for it.
pub fn document() -> &'static Document {
    static DOCUMENT: LazyLock<Document> = LazyLock::new(|| Document::of(described().split_for_parts().1));
    &DOCUMENT
}

pub fn router(app: App) -> Router {
    let (routes, _) = described().split_for_parts();
    routes
        .method_not_allowed_fallback(wrong_method)
        .fallback(page)
        // One layer: each of several would copy all those below it for every request.
        .layer(middleware::from_fn_with_state(app.clone(), around))
        .with_state(app)
}

/// What is done about every request, whichever route it takes.
async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let summary = watch::RequestSummary::of(&request);
    let answering = async { headers::add(admit(&app, request, next).await) };
    watch::over(&app, summary, answering).await
}

async fn admit(app: &App, request: Request, next: Next) -> Response {
    if let Some(refusal) = origin::refuse(app, &request) {
        return refusal.into_response();
    }
    if let Some((what, from)) = limit::by_address(app, &request)
        && let Err(refusal) = app.limits.take(what, from, app.clock.now()).await
    {
        return refusal.into_response();
    }
    finish::always(app, request, next).await
}

/// What is served at `metrics_bind`.
pub fn metrics_alone(app: App) -> Router {
    Router::new().fallback(metrics::open).with_state(app)
}

async fn wrong_method() -> ApiError {
    ApiError::new(ErrorCode::MethodNotAllowed, "this address does not take that method")
}

/// Everything that is not an address of the server belongs to the page.
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
