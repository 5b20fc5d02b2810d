//! `GET /api/calls/{id}`: the call and what happened in it.

use super::view;
use crate::{
    app::App,
    calls::{self, members},
    error::{Answer, ApiError},
    http::{input::Id, session::Person},
};
use axum::{Json, extract::State};
use parley_protocol::{CallId, rest::CallDetails};

/// A call, and what happened in it.
///
/// Of more than 1,000 events, the newest 1,000.
#[utoipa::path(
    get, path = "/api/calls/{id}", tag = "calls",
    responses((status = 200, body = CallDetails)),
)]
pub async fn get(State(app): State<App>, person: Person, Id(id): Id<CallId>) -> Answer<Json<CallDetails>> {
    let cached = calls::load(&app, id).await?;
    match cached.record.seat(person.user) {
        Some(seat) if seat.hidden => return Err(ApiError::not_found()),
        Some(_) if !cached.record.status.is_live() => {}
        // Others of the group see whom they could join; who is out of the group sees no more of it.
        _ => _ = members::check(&app, id, person.user).await?,
    }
    let events = app.store.call_log(id).await?;
    Ok(Json(CallDetails { call: view(&cached), events }))
}
