//! `POST /api/calls/{id}/participants/{user}/role`: the host makes somebody co-host, participant, or the next host.

use super::moderate;
use crate::{
    app::App,
    error::{Answer, ApiError},
    http::{
        idempotency::OnceKey,
        input::{Body, Ids},
        session::Person,
    },
};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::{
    CallId, UserId,
    call::{Call, Role},
    rest::SetCallRole,
};

/// Give somebody in the call another role.
#[utoipa::path(
    post, path = "/api/calls/{id}/participants/{user}/role", tag = "calls",
    params(OnceKey),
    request_body = SetCallRole,
    responses((status = 200, body = Call), (status = 403, description = "not_allowed"), (status = 409, description = "call_not_live")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Ids(id, user): Ids<CallId, UserId>,
    key: OnceKey,
    Body(wish): Body<SetCallRole>,
) -> Answer<Json<Call>> {
    if wish.role == Role::Viewer {
        return Err(ApiError::field("role", "is host, co_host or participant"));
    }
    let once = key.of(&person, format_args!("role {id} {user} {wish:?}"));
    moderate(&app, id, Input::SetRole { by: person.user, user, role: wish.role }, once.as_ref()).await
}
