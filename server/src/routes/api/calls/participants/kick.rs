//! `POST /api/calls/{id}/participants/{user}/kick`: removes a person until they are invited again.

use super::Moderation;
use crate::{app::App, error::Answer, http::idempotency::IdempotencyHeader};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::call::Call;

/// Removes a person from the call.
#[utoipa::path(
    post, path = "/api/calls/{id}/participants/{user}/kick", tag = "calls",
    params(IdempotencyHeader),
    responses((status = 200, body = Call), (status = 403, description = "not_allowed"), (status = 409, description = "call_not_live")),
)]
pub async fn post(State(app): State<App>, asked: Moderation) -> Answer<Json<Call>> {
    asked.decide(&app, Input::Kick { by: asked.by, user: asked.user }).await
}
