//! `POST /api/calls/start`: rings everyone else in the conversation.
//!
//! With an `Idempotency-Key`, the same request again is given the first answer for a day.

use super::access;
use crate::{
    app::App,
    calls,
    error::{Answer, ApiError},
    http::{input, secret, session::Person},
    jobs::ANSWERS_KEPT,
    storage::Answered,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use parley_protocol::{
    ErrorCode, Timestamp,
    rest::{CallAccess, StartCall},
};

const KEY_MAX: usize = 128;

pub async fn post(
    State(app): State<App>,
    person: Person,
    headers: HeaderMap,
    input::Body(wish): input::Body<StartCall>,
) -> Answer<(StatusCode, Json<CallAccess>)> {
    let key = key(&headers)?;
    let request_hash = secret::digest(&format!("start {wish:?}"));
    if let Some(key) = key
        && let Some(answer) = replay(&app, &person, key, &request_hash).await?
    {
        return Ok((StatusCode::CREATED, Json(answer)));
    }
    let roster = calls::start(&app, person.user, &wish).await?;
    let answer = access(&app, &person, &roster);
    if let Some(key) = key {
        let text = serde_json::to_string(&answer).map_err(|error| ApiError::internal("answer", &error))?;
        let write = app.store.write().await?;
        let answered = Answered { request_hash, answer: text };
        write.remember_answer(person.user, key, answered, app.clock.now()).await?;
        write.commit().await?;
    }
    Ok((StatusCode::CREATED, Json(answer)))
}

fn key(headers: &HeaderMap) -> Answer<Option<&str>> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=KEY_MAX).contains(&key.len()) => Ok(Some(key)),
        _ => Err(ApiError::field("idempotency-key", format!("must have 1 to {KEY_MAX} visible characters"))),
    }
}

async fn replay(app: &App, person: &Person, key: &str, request_hash: &str) -> Answer<Option<CallAccess>> {
    let kept = i64::try_from(ANSWERS_KEPT.as_millis()).unwrap_or(i64::MAX);
    let since = Timestamp(app.clock.now().0.saturating_sub(kept));
    let Some(first) = app.store.answered(person.user, key, since).await? else { return Ok(None) };
    if first.request_hash != request_hash {
        return Err(ApiError::new(ErrorCode::Conflict, "this key was used for another request"));
    }
    serde_json::from_str(&first.answer).map(Some).map_err(|error| ApiError::internal("answer", &error))
}
