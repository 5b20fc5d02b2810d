//! `POST /api/calls/{id}/participants/{user}/role`: changes a person's role.

use super::Moderation;
use crate::{
    app::App,
    error::{Answer, ApiError},
    http::{idempotency::IdempotencyHeader, input::Body},
};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::{
    call::{Call, Role},
    rest::SetCallRole,
};

/// Makes a person in the call co-host, participant, or the next host.
#[utoipa::path(
    post, path = "/api/calls/{id}/participants/{user}/role", tag = "calls",
    params(IdempotencyHeader),
    request_body = SetCallRole,
    responses((status = 200, body = Call), (status = 403, description = "not_allowed"), (status = 409, description = "call_not_live")),
)]
pub async fn post(State(app): State<App>, asked: Moderation<Body<SetCallRole>>) -> Answer<Json<Call>> {
    let Body(SetCallRole { role }) = asked.body;
    if role == Role::Viewer {
        return Err(ApiError::field("role", "must be host, co_host or participant"));
    }
    asked.decide(&app, Input::SetRole { by: asked.by, user: asked.user, role }).await
}
