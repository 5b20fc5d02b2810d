//! `GET /metrics`: returns the metrics for Prometheus. With `metrics_token` the route is open to clients with
//! the token; with `metrics_bind` the metrics are served at an address of their own; with neither they are
//! not served.

use crate::{
    app::App,
    error::{Answer, ApiError},
    http::session,
    secret,
};
use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::IntoResponse,
};

/// Returns the metrics for Prometheus.
#[utoipa::path(
    get, path = "/metrics", tag = "operations",
    security(()),
    responses(
        (status = 200, body = String, content_type = "application/openmetrics-text"),
        (status = 404, description = "not_found"),
    ),
)]
pub async fn get(State(app): State<App>, request: HeaderMap) -> Answer<impl IntoResponse> {
    let given = session::token(&request).map(|(token, _)| secret::digest(token));
    match &app.config.metrics_token {
        Some(token) if given == Some(secret::digest(token)) => Ok(text(&app).await),
        _ => Err(ApiError::not_found()),
    }
}

/// Returns the metrics without a token, at `metrics_bind`. The operator keeps that address private.
pub async fn open(State(app): State<App>) -> impl IntoResponse {
    text(&app).await
}

async fn text(app: &App) -> impl IntoResponse + use<> {
    match app.store.count_live_calls().await {
        Ok(kinds) => {
            let told = kinds.into_iter().map(|kind| ([kind.call_type, kind.mode, kind.engine], kind.calls));
            app.metrics.live_calls(told);
        }
        Err(error) => tracing::warn!(%error, "cannot count live calls"),
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], app.metrics.text(&app.snapshot()))
}
