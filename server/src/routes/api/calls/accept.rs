//! `POST /api/calls/{id}/accept`: this device answers.

use super::access;
use crate::{
    app::App,
    calls::{self, devices, service},
    error::Answer,
    http::{
        input::{Body, Id},
        session::Person,
    },
};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::{
    CallId,
    rest::{AcceptCall, CallAccess},
};

/// This device answers.
#[utoipa::path(
    post, path = "/api/calls/{id}/accept", tag = "calls",
    request_body = AcceptCall,
    responses((status = 200, body = CallAccess), (status = 409, description = "call_not_live, answered_elsewhere, already_in_call")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<CallId>,
    Body(wish): Body<AcceptCall>,
) -> Answer<Json<CallAccess>> {
    calls::refuse_if_in_another(&app, person.user, id).await?;
    let AcceptCall { device_id: device, media } = wish;
    let input = Input::Accept { user: person.user, device, media };
    let roster = service::handle(&app, id, input).await?.accepted()?;
    devices::check_socket(&app, id, person.user, device).await;
    Ok(Json(access(&app, &person, &roster)))
}
