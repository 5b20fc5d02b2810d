//! `POST /api/calls/{id}/cancel`: ends a call before anybody has answered.

use super::{DeviceRequest, finish};
use crate::{app::App, error::Answer, http::idempotency::IdempotencyHeader};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::{call::Call, rest::ByDevice};

/// Cancels a call before anybody has answered. Only for the caller.
#[utoipa::path(
    post, path = "/api/calls/{id}/cancel", tag = "calls",
    params(IdempotencyHeader),
    request_body = ByDevice,
    responses((status = 200, body = Call), (status = 409, description = "call_not_live")),
)]
pub async fn post(State(app): State<App>, asked: DeviceRequest) -> Answer<Json<Call>> {
    finish(&app, asked.call, Input::Cancel { user: asked.user, device: asked.device }, asked.key.as_ref())
        .await
}
