//! `POST /api/calls/{id}/accept`: this device answers.

use super::come_in;
use crate::{
    app::App,
    error::Answer,
    http::{
        idempotency::{self, OnceKey},
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
    params(OnceKey),
    request_body = AcceptCall,
    responses((status = 200, body = CallAccess), (status = 409, description = "call_not_live, answered_elsewhere, already_in_call, call_full, removed_from_call")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<CallId>,
    key: OnceKey,
    Body(wish): Body<AcceptCall>,
) -> Answer<Json<CallAccess>> {
    let once = key.of(&person, format_args!("accept {id} {wish:?}"));
    let input = Input::Accept { user: person.user, device: wish.device_id, media: wish.media };
    let work = async { come_in(&app, &person, id, &wish, input, once.as_ref()).await };
    Box::pin(idempotency::answer(&app, once.as_ref(), work)).await.map(Json)
}
