//! `GET /api/calls/{id}`: returns a call and what happened in it.

use super::view;
use crate::{
    app::App,
    calls::{self, members},
    error::{Answer, ApiError},
    http::{input::Id, session::Person},
};
use axum::{Json, extract::State};
use parley_protocol::{CallId, rest::CallDetails};

/// Returns a call and what happened in it.
///
/// At most 1,000 events, the newest ones.
#[utoipa::path(
    get, path = "/api/calls/{id}", tag = "calls",
    responses((status = 200, body = CallDetails)),
)]
pub async fn get(State(app): State<App>, person: Person, Id(id): Id<CallId>) -> Answer<Json<CallDetails>> {
    let cached = calls::load(&app, id).await?;
    match cached.record.seat(person.user) {
        Some(seat) if seat.hidden => return Err(ApiError::not_found()),
        Some(_) if !cached.record.status.is_live() => {}
        // Members of the group without a seat may see a call that they could join. A live call is hidden from
        // people who have left the group, even from those with a seat.
        _ => _ = members::check(&app, id, person.user).await?,
    }
    let mut events = app.store.call_log(id).await?;
    // How well others are connected is for them to know.
    events.retain(|line| !line.event.starts_with("quality_") || line.user_id == Some(person.user));
    let quality = app.store.call_quality(id, person.user).await?;
    Ok(Json(CallDetails { call: view(&cached), events, quality }))
}
