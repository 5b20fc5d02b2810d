//! `PATCH /api/calls/{id}/participant`: changes the person's own media state, or raises their hand.

use super::view;
use crate::{
    app::App,
    calls::service,
    cluster::limits::Limited,
    error::Answer,
    http::{
        input::{Body, Id},
        session::Person,
    },
};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::{CallId, call::Call, rest::UpdateParticipant};

/// Changes what your own device sends, or raises your hand.
#[utoipa::path(
    patch, path = "/api/calls/{id}/participant", tag = "calls",
    request_body = UpdateParticipant,
    responses((status = 200, body = Call), (status = 409, description = "call_not_live"), (status = 429, description = "rate_limited")),
)]
pub async fn patch(
    State(app): State<App>,
    person: Person,
    Id(id): Id<CallId>,
    Body(wish): Body<UpdateParticipant>,
) -> Answer<Json<Call>> {
    app.limits.take(Limited::CallChanges, person.user, app.clock.now()).await?;
    let input = Input::Update { user: person.user, device: wish.device_id, change: wish.media };
    let cached = service::handle(&app, id, input).await?.accepted()?;
    Ok(Json(view(&cached)))
}
