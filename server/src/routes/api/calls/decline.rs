//! `POST /api/calls/{id}/decline`: declines a call.

use super::{DeviceRequest, finish};
use crate::{app::App, error::Answer, http::idempotency::IdempotencyHeader};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::{call::Call, rest::ByDevice};

/// Declines a call.
#[utoipa::path(
    post, path = "/api/calls/{id}/decline", tag = "calls",
    params(IdempotencyHeader),
    request_body = ByDevice,
    responses((status = 200, body = Call), (status = 409, description = "call_not_live, answered_elsewhere")),
)]
pub async fn post(State(app): State<App>, asked: DeviceRequest) -> Answer<Json<Call>> {
    finish(&app, asked.call, Input::Decline { user: asked.user, device: asked.device }, asked.key.as_ref())
        .await
}
