//! `POST /api/calls/{id}/token`: returns fresh credentials for the media engine and the ICE servers.

use super::DeviceRequest;
use crate::{
    app::App,
    calls,
    error::{Answer, ApiError},
    wire,
};
use axum::{Json, extract::State};
use parley_core::call::Rejected;
use parley_protocol::rest::{ByDevice, CallToken};

/// Returns fresh credentials for a device that is in the call or rings for it.
#[utoipa::path(
    post, path = "/api/calls/{id}/token", tag = "calls",
    request_body = ByDevice,
    responses((status = 200, body = CallToken), (status = 409, description = "call_not_live")),
)]
pub async fn post(State(app): State<App>, asked: DeviceRequest) -> Answer<Json<CallToken>> {
    let cached = calls::load(&app, asked.call).await?;
    let record = &cached.record;
    let seat = record.seat(asked.user).filter(|seat| !seat.hidden).ok_or_else(ApiError::not_found)?;
    let refused = |why| Err(ApiError::rejected(why, asked.call));
    match () {
        () if !record.status.is_live() => return refused(Rejected::Over),
        () if seat.is_in_on(asked.device) || seat.is_pending() => {}
        () => return refused(Rejected::NotNow),
    }
    let pass = app.media.admit(record, asked.user, app.clock.now());
    Ok(Json(CallToken { pass, ice: wire::call::ice(&cached, &app.media, asked.user) }))
}
