//! `GET /api/config`: returns what the page needs at its start.

use super::me::me;
use crate::{
    app::App,
    error::Answer,
    http::session::{self, Person},
};
use axum::{Json, extract::State, http::HeaderMap};
use parley_protocol::{limits, rest::ClientConfig};

/// Returns what a client needs at its start, signed in or not.
///
/// Extends the session and renews its cookie when that is due.
#[utoipa::path(
    get, path = "/api/config", tag = "auth",
    security(()),
    responses((status = 200, body = ClientConfig)),
)]
pub async fn get(
    State(app): State<App>,
    person: Option<Person>,
    request: HeaderMap,
) -> Answer<(HeaderMap, Json<ClientConfig>)> {
    let (headers, me) = match &person {
        Some(person) => (session::renew(&app, person, &request).await?, Some(me(&app, person).await?)),
        None => (HeaderMap::new(), None),
    };
    let config = &app.config;
    let auth = [("guest", config.guests), ("oidc", config.oidc.is_set())];
    let body = ClientConfig {
        me,
        auth: auth.into_iter().filter(|(_, offered)| *offered).map(|(name, _)| name.to_owned()).collect(),
        oidc: Some(config.oidc.name.clone()).filter(|name| config.oidc.is_set() && !name.is_empty()),
        calls_enabled: config.calls_enabled,
        ring_seconds: u32::try_from(config.rules.ring.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX),
        mesh_max: u32::try_from(limits::MESH_MAX).unwrap_or(u32::MAX),
        preconnect: config.preconnect,
    };
    Ok((headers, Json(body)))
}
