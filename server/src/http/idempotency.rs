//! Requests that may be sent again: with an `Idempotency-Key`, the same request gets the first answer for a day.
//!
//! The answer is written in the transaction of what the request changes, so that there is never one without the
//! other, and of several that come at once one changes something and all get its answer. It may hold a token that is told
//! to nobody else, so it is sealed with the key, of which the database has a digest.

use crate::{
    app::App,
    error::{Answer, ApiError},
    http::session::Person,
    secret,
    storage::{Answered, Write},
};
use axum::{extract::FromRequestParts, http::request::Parts};
use parley_protocol::{ErrorCode, Timestamp, UserId};
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt, time::Duration};

/// How long the first answer to a request is kept.
pub const ANSWERS_KEPT: Duration = Duration::from_secs(24 * 60 * 60);
const KEY_MAX: usize = 128;

/// The header, if there is one.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
pub struct OnceKey {
    /// The same key with the same request gets the first answer again, for 24 hours.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 128)]
    key: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for OnceKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self { key: None }) };
        match value.to_str() {
            Ok(key) if (1..=KEY_MAX).contains(&key.len()) => Ok(Self { key: Some(key.to_owned()) }),
            _ => Err(ApiError::field(
                "idempotency-key",
                format!("must have 1 to {KEY_MAX} visible characters"),
            )),
        }
    }
}

impl OnceKey {
    /// Nothing when the request has no key. `request`: all that makes it this request and no other.
    pub fn of(self, person: &Person, request: fmt::Arguments<'_>) -> Option<Once> {
        let key = self.key?;
        let (key_hash, request_hash) = (secret::digest(&key), secret::digest(&request.to_string()));
        Some(Once { user: person.user, key, key_hash, request_hash })
    }
}

/// A request that has a key.
pub struct Once {
    pub user: UserId,
    key: String,
    key_hash: String,
    request_hash: String,
}

impl Once {
    /// Keeps the answer with what `write` changes. Refuses when a twin was first: then nothing may be changed.
    pub async fn remember<T: Serialize>(&self, write: &Write, answer: &T, now: Timestamp) -> Answer<()> {
        let answer = serde_json::to_string(answer).map_err(|error| ApiError::internal("answer", &error))?;
        let answer =
            secret::seal(&self.key, &answer).map_err(|error| ApiError::internal("sealing", &error))?;
        let answered = Answered { request_hash: self.request_hash.clone(), answer };
        Ok(write.remember_answer(self.user, &self.key_hash, answered, kept_since(now), now).await?)
    }

    async fn first_answer<T: DeserializeOwned>(&self, app: &App) -> Answer<Option<T>> {
        let since = kept_since(app.clock.now());
        let Some(first) = app.store.answered(self.user, &self.key_hash, since).await? else {
            return Ok(None);
        };
        if first.request_hash != self.request_hash {
            return Err(ApiError::new(ErrorCode::Conflict, "this key was used for another request"));
        }
        let answer =
            secret::open(&self.key, &first.answer).map_err(|error| ApiError::internal("opening", &error))?;
        serde_json::from_str(&answer).map(Some).map_err(|error| ApiError::internal("answer", &error))
    }
}

/// Does what the request asks for, unless it was done before. Whatever refuses a twin that came at the same
/// time, the first answer is its answer as well.
pub async fn answer<T: DeserializeOwned>(
    app: &App,
    once: Option<&Once>,
    work: impl Future<Output = Answer<T>>,
) -> Answer<T> {
    let Some(once) = once else { return work.await };
    if let Some(first) = once.first_answer(app).await? {
        return Ok(first);
    }
    match work.await {
        Ok(done) => Ok(done),
        Err(refusal) => once.first_answer(app).await?.ok_or(refusal),
    }
}

fn kept_since(now: Timestamp) -> Timestamp {
    let kept = i64::try_from(ANSWERS_KEPT.as_millis()).unwrap_or(i64::MAX);
    Timestamp(now.0.saturating_sub(kept))
}
