//! `POST /api/calls/{id}/join`: enters a running group call, or returns to a call.

use super::come_in;
use crate::{
    app::App,
    calls::{may_ring, members},
    error::Answer,
    http::{
        idempotency::{self, IdempotencyHeader, Idempotent},
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

/// Enters a running call, or returns to it.
#[utoipa::path(
    post, path = "/api/calls/{id}/join", tag = "calls",
    params(IdempotencyHeader),
    request_body = AcceptCall,
    responses((status = 200, body = CallAccess), (status = 409, description = "call_not_live, answered_elsewhere, already_in_call, call_full, removed_from_call"), (status = 503, description = "calls_disabled")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<CallId>,
    Idempotent(Body(wish), key): Idempotent<Body<AcceptCall>>,
) -> Answer<Json<CallAccess>> {
    let input = Input::Join { user: person.user, device: wish.device_id, media: wish.media };
    let work = async {
        may_ring(&app)?;
        members::check(&app, id, person.user).await?;
        come_in(&app, &person, id, &wish, input, key.as_ref()).await
    };
    idempotency::answer(&app, key.as_ref(), work).await.map(Json)
}
