//! `GET /api/calls/missed`: how many calls came to nothing since one last looked at them.

use crate::{app::App, error::Answer, http::session::Person};
use axum::{Json, extract::State};
use parley_protocol::rest::MissedCalls;

/// How many calls came to nothing since one last looked at them.
#[utoipa::path(get, path = "/api/calls/missed", tag = "calls", responses((status = 200, body = MissedCalls)))]
pub async fn get(State(app): State<App>, person: Person) -> Answer<Json<MissedCalls>> {
    Ok(Json(MissedCalls { count: app.store.missed_calls(person.user).await? }))
}
