//! `GET /api/config`: what the page needs before anybody signs in.

use crate::app::App;
use axum::{Json, extract::State};
use parley_protocol::{limits, rest::ClientConfig};

pub async fn get(State(app): State<App>) -> Json<ClientConfig> {
    let config = &app.config;
    Json(ClientConfig {
        auth: vec!["guest".to_owned()],
        calls_enabled: config.calls_enabled,
        ring_seconds: u32::try_from(config.rules.ring.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX),
        mesh_max: u32::try_from(limits::MESH_MAX).unwrap_or(u32::MAX),
        preconnect: config.preconnect,
    })
}
