//! `GET /api/calls/missed`: counts missed calls.

use crate::{app::App, error::Answer, http::session::Person};
use axum::{Json, extract::State};
use parley_protocol::rest::MissedCalls;

/// Counts the calls that you missed since you last looked at your calls.
#[utoipa::path(get, path = "/api/calls/missed", tag = "calls", responses((status = 200, body = MissedCalls)))]
pub async fn get(State(app): State<App>, person: Person) -> Answer<Json<MissedCalls>> {
    Ok(Json(MissedCalls { count: app.store.missed_calls(person.user).await? }))
}
