//! `GET /api/ice-servers`: returns the ICE configuration.

use crate::{app::App, error::Answer, http::session::Person};
use axum::{Json, extract::State};
use parley_protocol::rest::IceConfig;

/// Returns the ICE servers for connections to other devices, outside any call.
#[utoipa::path(
    get, path = "/api/ice-servers", tag = "calls",
    responses((status = 200, body = IceConfig)),
)]
pub async fn get(State(app): State<App>, person: Person) -> Answer<Json<IceConfig>> {
    let chosen = app.store.choices(&[person.user]).await?;
    let always_relay = chosen.get(&person.user).is_some_and(|chosen| chosen.always_relay);
    Ok(Json(app.media.ice(person.user, always_relay)))
}
