//! `GET /api/calls/{id}`: the call and what happened in it.

use super::view;
use crate::{
    app::App,
    calls::service,
    error::{Answer, ApiError},
    http::{input::Id, session::Person},
};
use axum::{Json, extract::State};
use parley_protocol::{CallId, rest::CallDetails};

/// A call, and what happened in it.
#[utoipa::path(
    get, path = "/api/calls/{id}", tag = "calls",
    responses((status = 200, body = CallDetails)),
)]
pub async fn get(State(app): State<App>, person: Person, Id(id): Id<CallId>) -> Answer<Json<CallDetails>> {
    let roster = service::load(&app, id).await?;
    if roster.record.seat(person.user).is_none() {
        return Err(ApiError::not_found());
    }
    let events = app.store.call_log(id).await?;
    Ok(Json(CallDetails { call: view(&app, &roster), events }))
}
