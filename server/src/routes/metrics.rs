//! `GET /metrics`: for Prometheus, and for nobody by accident. With `metrics_token` set it is here for whoever has
//! the token; with `metrics_bind` at an address of its own; with neither it is nowhere.

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

/// What was counted and measured, for Prometheus.
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

/// At the address of its own there is no other door to lock.
pub async fn open(State(app): State<App>) -> impl IntoResponse {
    text(&app).await
}

async fn text(app: &App) -> impl IntoResponse + use<> {
    match app.store.count_live_calls().await {
        Ok(kinds) => {
            let told = kinds.into_iter().map(|kind| ([kind.call_type, kind.mode, kind.engine], kind.calls));
            app.metrics.live_calls(told);
        }
        Err(error) => tracing::warn!(%error, "live calls cannot be counted"),
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], app.metrics.text(&app.snapshot()))
}
