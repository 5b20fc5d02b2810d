//! `GET /api/calls/active`: lists live calls in which the person has a seat.

use super::view;
use crate::{app::App, error::Answer, http::session::Person};
use axum::{Json, extract::State};
use parley_protocol::rest::ActiveCalls;

/// Lists live calls in which you have a seat.
#[utoipa::path(
    get, path = "/api/calls/active", tag = "calls",
    responses((status = 200, body = ActiveCalls)),
)]
pub async fn get(State(app): State<App>, person: Person) -> Answer<Json<ActiveCalls>> {
    let mut calls = Vec::new();
    for record in app.store.known_live_calls_of(person.user).await? {
        calls.push(view(&*app.store.with_profiles(record).await?));
    }
    Ok(Json(ActiveCalls { calls }))
}
