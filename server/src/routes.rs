//! The tree of addresses. The files below mirror it: one route, one file.

mod api;
mod health;
mod ready;

use crate::{
    app::App,
    error::ApiError,
    http::{finish, headers, origin},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, Method, StatusCode, Uri},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};

pub fn router(app: App) -> Router {
    Router::new()
        .route("/health", get(health::get))
        .route("/ready", get(ready::get))
        .nest("/api", api::router())
        .fallback(page)
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn(finish::always))
        .layer(middleware::from_fn_with_state(app.clone(), origin::guard))
        .layer(middleware::from_fn(headers::add))
        .with_state(app)
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
