//! `GET /ready`: tells whether the server can serve requests, and if not, what is missing.

use crate::app::App;
use axum::{Json, extract::State, http::StatusCode};
use parley_protocol::rest::{Health, Readiness};
use std::time::Duration;
use tokio::time::timeout;

/// The longest wait for the database before it counts as down.
const PATIENCE: Duration = Duration::from_secs(1);

/// Tells whether the server can serve requests, and if not, what is missing.
#[utoipa::path(
    get, path = "/ready", tag = "operations",
    security(()),
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)),
)]
pub async fn get(State(app): State<App>) -> (StatusCode, Json<Readiness>) {
    let health = |is_well: bool| if is_well { Health::Ok } else { Health::Away };
    let readiness = Readiness {
        database: health(matches!(timeout(PATIENCE, app.store.ping()).await, Ok(Ok(())))),
        fan_out: health(app.bus.is_up()),
        media_engine: health(app.media.is_up()),
        connections: health(!app.descriptors.are_exhausted()),
        draining: app.is_draining(),
    };
    let parts = [readiness.database, readiness.fan_out, readiness.media_engine, readiness.connections];
    let ready = !readiness.draining && parts.iter().all(|part| *part == Health::Ok);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness))
}
