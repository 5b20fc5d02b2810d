//! `POST /api/calls/{id}/participants/{user}/kick`: sends somebody away until they are asked back.

use super::moderate;
use crate::{
    app::App,
    error::Answer,
    http::{idempotency::OnceKey, input::Ids, session::Person},
};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::{CallId, UserId, call::Call};

/// Send somebody away.
#[utoipa::path(
    post, path = "/api/calls/{id}/participants/{user}/kick", tag = "calls",
    params(OnceKey),
    responses((status = 200, body = Call), (status = 403, description = "not_allowed"), (status = 409, description = "call_not_live")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Ids(id, user): Ids<CallId, UserId>,
    key: OnceKey,
) -> Answer<Json<Call>> {
    let once = key.of(&person, format_args!("kick {id} {user}"));
    moderate(&app, id, Input::Kick { by: person.user, user }, once.as_ref()).await
}
