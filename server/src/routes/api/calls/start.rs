//! `POST /api/calls/start`: rings everyone else in the conversation.
//!
//! With an `Idempotency-Key`, the same request again is given the first answer for a day.

use super::access;
use crate::{
    app::App,
    calls,
    error::Answer,
    http::{input::Body, session::Person},
    once::{self, Once, OnceKey},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use parley_protocol::rest::{CallAccess, StartCall};

/// Ring everyone else in a conversation.
#[utoipa::path(
    post, path = "/api/calls/start", tag = "calls",
    security(("session" = ["member"])),
    params(OnceKey),
    request_body = StartCall,
    responses((status = 201, body = CallAccess), (status = 404, description = "not_found"), (status = 409, description = "already_in_call, call_in_progress, not_accepted, answered_elsewhere, call_not_live"), (status = 503, description = "calls_disabled")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    headers: HeaderMap,
    Body(wish): Body<StartCall>,
) -> Answer<(StatusCode, Json<CallAccess>)> {
    let once = Once::of(&person, &headers, &format!("start {wish:?}"))?;
    let work = async {
        let roster = calls::start(&app, person.user, &wish, once.as_ref()).await?;
        Ok(access(&app, &person, &roster))
    };
    let answer = once::answer(&app, once.as_ref(), work).await?;
    Ok((StatusCode::CREATED, Json(answer)))
}
