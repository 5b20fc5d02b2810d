//! `POST /api/calls/{id}/leave`: leaves a call. A closing page sends it as a beacon.

use super::finish;
use crate::{
    app::App,
    error::Answer,
    http::{
        idempotency::{IdempotencyHeader, Idempotent},
        input::{BeaconBody, Id},
        session::Person,
    },
};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::{CallId, call::Call, rest::ByDevice};

/// Leaves a call with this device. The body of a beacon may be `text/plain`.
#[utoipa::path(
    post, path = "/api/calls/{id}/leave", tag = "calls",
    params(IdempotencyHeader),
    request_body = ByDevice,
    responses((status = 200, body = Call), (status = 409, description = "call_not_live")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<CallId>,
    Idempotent(BeaconBody(by), key): Idempotent<BeaconBody<ByDevice>>,
) -> Answer<Json<Call>> {
    finish(&app, id, Input::Leave { user: person.user, device: by.device_id }, key.as_ref()).await
}
