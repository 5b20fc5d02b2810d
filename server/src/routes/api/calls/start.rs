//! `POST /api/calls/start`: starts a call.

use super::access;
use crate::{
    app::App,
    calls::{self},
    cluster::limits::Limited,
    error::Answer,
    http::{
        idempotency::{self, IdempotencyHeader, IdempotencyKey, Idempotent},
        input::Body,
        session::Person,
    },
    storage::CachedCall,
};
use axum::{Json, extract::State, http::StatusCode};
use parley_protocol::{
    ErrorCode,
    rest::{CallAccess, StartCall},
};
use std::sync::Arc;

/// Starts a call and rings the others in a conversation, or the chosen ones of them.
#[utoipa::path(
    post, path = "/api/calls/start", tag = "calls",
    security(("session" = ["member"])),
    params(IdempotencyHeader),
    request_body = StartCall,
    responses((status = 201, body = CallAccess), (status = 404, description = "not_found"), (status = 409, description = "already_in_call, call_in_progress, call_full, not_accepted, answered_elsewhere, call_not_live, conflict"), (status = 503, description = "calls_disabled"), (status = 429, description = "rate_limited")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Idempotent(Body(wish), key): Idempotent<Body<StartCall>>,
) -> Answer<(StatusCode, Json<CallAccess>)> {
    let work = async {
        let cached = counted(&app, &person, &wish, key.as_ref()).await?;
        Ok(access(&app, &person, &cached))
    };
    let answer = idempotency::answer(&app, key.as_ref(), work).await?;
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Starts the call, and counts it towards the limit on unanswered calls.
///
/// The call is counted before it begins, and given back if it turned out to be an answer to a call that rang
/// already. That is also why a person over the limit may go on to `calls::start`, which then refuses only a
/// new call. A counted call is given back later when somebody answers it.
async fn counted(
    app: &App,
    person: &Person,
    wish: &StartCall,
    key: Option<&IdempotencyKey>,
) -> Answer<Arc<CachedCall>> {
    let may_begin = match app.limits.take(Limited::CallStarts, person.user, app.clock.now()).await {
        Err(refusal) if refusal.code != ErrorCode::RateLimited => return Err(refusal),
        may_begin => may_begin,
    };
    let was_counted = may_begin.is_ok();
    let started = calls::start(app, person.user, wish, key, may_begin).await;
    let begun = started
        .as_ref()
        .is_ok_and(|cached| cached.record.initiator_id == person.user && cached.record.accepted_at.is_none());
    if was_counted && !begun {
        app.limits.give_back(Limited::CallStarts, person.user).await;
    }
    started
}
