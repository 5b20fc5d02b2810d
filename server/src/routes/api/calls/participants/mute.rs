//! `POST /api/calls/{id}/participants/{user}/mute`: switches a person's microphone off.

use super::Moderation;
use crate::{app::App, error::Answer, http::idempotency::IdempotencyHeader};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::call::Call;

/// Switches a person's microphone off.
#[utoipa::path(
    post, path = "/api/calls/{id}/participants/{user}/mute", tag = "calls",
    params(IdempotencyHeader),
    responses((status = 200, body = Call), (status = 403, description = "not_allowed"), (status = 409, description = "call_not_live")),
)]
pub async fn post(State(app): State<App>, asked: Moderation) -> Answer<Json<Call>> {
    asked.decide(&app, Input::Mute { by: asked.by, user: asked.user }).await
}
