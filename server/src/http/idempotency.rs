//! Requests that may be sent again: with an `Idempotency-Key`, the same request gets the first answer for a day.
//!
//! The answer is written in the transaction of what the request changes, so that there is never one without the
//! other, and of several that come at once one changes something and all get its answer. It may hold a token that is told
//! to nobody else, so it is sealed with the key, of which the database has a digest.

use super::{input::read_body, session::Person};
use crate::{
    app::App,
    error::{Answer, ApiError},
    secret,
    storage::{Answered, Write},
};
use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, request::Parts},
};
use futures_util::{FutureExt, future::BoxFuture};
use parley_protocol::{ErrorCode, Timestamp, UserId};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

/// The time for which the first answer to a request is kept.
pub const ANSWERS_KEPT: Duration = Duration::from_secs(24 * 60 * 60);
const KEY_MAX: usize = 128;

/// The header, for the description of a route.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyHeader {
    /// The same key with the same request gets the first answer again, for 24 hours.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 128)]
    #[expect(dead_code, reason = "only described; `Idempotent` reads the header")]
    key: Option<String>,
}

/// The body of a request that may be sent again, and the request's key if it has one.
pub struct Idempotent<B>(pub B, pub Option<IdempotencyKey>);

impl<B: FromRequest<App, Rejection = ApiError>> FromRequest<App> for Idempotent<B> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let Some(key) = header(request.headers())? else {
            return B::from_request(request, app).await.map(|body| Self(body, None));
        };
        let (mut parts, body) = request.into_parts();
        let person = Person::from_request_parts(&mut parts, app).await?;
        let bytes = read_body(body).await?;
        let key = IdempotencyKey::of(person.user, key, &parts, &bytes);
        let body = B::from_request(Request::from_parts(parts, bytes.into()), app).await?;
        Ok(Self(body, Some(key)))
    }
}

fn header(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=KEY_MAX).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(ApiError::field("idempotency-key", format!("must have 1 to {KEY_MAX} visible characters"))),
    }
}

/// A person's key for one request: its method, path and body.
pub struct IdempotencyKey {
    pub user: UserId,
    key: String,
    key_hash: String,
    request_hash: String,
}

impl IdempotencyKey {
    fn of(user: UserId, key: String, request: &Parts, body: &[u8]) -> Self {
        let request_hash =
            secret::digest_of(&[request.method.as_str().as_bytes(), request.uri.path().as_bytes(), body]);
        Self { user, key_hash: secret::digest(&key), key, request_hash }
    }

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
pub fn answer<'a, T: DeserializeOwned + Send + 'a>(
    app: &'a App,
    key: Option<&'a IdempotencyKey>,
    work: impl Future<Output = Answer<T>> + Send + 'a,
) -> BoxFuture<'a, Answer<T>> {
    async move {
        let Some(key) = key else { return work.await };
        if let Some(first) = key.first_answer(app).await? {
            return Ok(first);
        }
        match work.await {
            Ok(done) => Ok(done),
            Err(refusal) => key.first_answer(app).await?.ok_or(refusal),
        }
    }
    .boxed()
}

fn kept_since(now: Timestamp) -> Timestamp {
    let kept = i64::try_from(ANSWERS_KEPT.as_millis()).unwrap_or(i64::MAX);
    Timestamp(now.0.saturating_sub(kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn hash(method: &str, path: &str, body: &[u8]) -> String {
        let (parts, ()) = Request::builder().method(method).uri(path).body(()).unwrap().into_parts();
        IdempotencyKey::of(UserId(Uuid::nil()), "key".to_owned(), &parts, body).request_hash
    }

    #[test]
    fn a_request_is_known_by_its_method_its_path_and_its_body() {
        let first = hash("POST", "/a/b", b"{}");
        assert_eq!(hash("POST", "/a/b", b"{}"), first);
        for (method, path, body) in [
            ("PUT", "/a/b", &b"{}"[..]),
            ("POST", "/a/c", b"{}"),
            ("POST", "/a/b", b""),
            ("POST", "/a", b"/b{}"),
        ] {
            assert_ne!(hash(method, path, body), first, "{method} {path}");
        }
    }
}
