//! `POST /api/calls/{id}/invite`: rings more people into a running call.

use super::view;
use crate::{
    app::App,
    calls,
    error::Answer,
    http::{
        idempotency::{self, IdempotencyHeader, Idempotent},
        input::{Body, Id},
        session::Person,
    },
};
use axum::{Json, extract::State};
use parley_protocol::{CallId, call::Call, rest::InviteToCall};

/// Rings more members of the group into its call.
#[utoipa::path(
    post, path = "/api/calls/{id}/invite", tag = "calls",
    params(IdempotencyHeader),
    request_body = InviteToCall,
    responses((status = 200, body = Call), (status = 403, description = "not_allowed"), (status = 409, description = "call_not_live"), (status = 429, description = "rate_limited"), (status = 503, description = "calls_disabled")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<CallId>,
    Idempotent(Body(wish), key): Idempotent<Body<InviteToCall>>,
) -> Answer<Json<Call>> {
    let work = async {
        let cached = calls::invite(&app, id, person.user, &wish.user_ids, key.as_ref()).await?;
        Ok(view(&cached))
    };
    idempotency::answer(&app, key.as_ref(), work).await.map(Json)
}
