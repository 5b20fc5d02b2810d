//! `POST /api/calls/{id}/end`: ends a call for everyone.

use super::{DeviceRequest, finish};
use crate::{app::App, error::Answer, http::idempotency::IdempotencyHeader};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::{call::Call, rest::ByDevice};

/// Ends a call for everyone.
#[utoipa::path(
    post, path = "/api/calls/{id}/end", tag = "calls",
    params(IdempotencyHeader),
    request_body = ByDevice,
    responses((status = 200, body = Call), (status = 403, description = "not_allowed"), (status = 409, description = "call_not_live")),
)]
pub async fn post(State(app): State<App>, asked: DeviceRequest) -> Answer<Json<Call>> {
    finish(&app, asked.call, Input::End { user: asked.user }, asked.key.as_ref()).await
}
