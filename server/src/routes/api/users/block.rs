//! `PUT/DELETE /api/users/{id}/block`: blocks and unblocks a person.

use crate::{
    app::App,
    error::Answer,
    http::{input::Id, session::Person},
    people::blocks,
};
use axum::{extract::State, http::StatusCode};
use parley_protocol::UserId;

/// Blocks a person.
#[utoipa::path(
    put, path = "/api/users/{id}/block", tag = "people",
    security(("session" = ["signed_in"])),
    responses((status = 204), (status = 409, description = "conflict, limit_reached")),
)]
pub async fn put(State(app): State<App>, person: Person, Id(id): Id<UserId>) -> Answer<StatusCode> {
    blocks::block(&app, person.user, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Unblocks a person.
#[utoipa::path(
    delete, path = "/api/users/{id}/block", tag = "people",
    security(("session" = ["signed_in"])),
    responses((status = 204)),
)]
pub async fn delete(State(app): State<App>, person: Person, Id(id): Id<UserId>) -> Answer<StatusCode> {
    blocks::unblock(&app, person.user, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
