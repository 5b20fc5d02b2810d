//! `GET /api/ice-servers`: how to find a way to another device.

use crate::{app::App, http::session::Person};
use axum::{Json, extract::State};
use parley_protocol::rest::IceConfig;

/// How to find a way to another device.
#[utoipa::path(
    get, path = "/api/ice-servers", tag = "calls",
    responses((status = 200, body = IceConfig)),
)]
pub async fn get(State(app): State<App>, person: Person) -> Json<IceConfig> {
    Json(app.media.ice(person.user))
}
