//! Idempotency keys: for a day, the same request with the same `Idempotency-Key` gets the first answer again.
//!
//! The answer is written in the transaction of the change, so there is never one without the other. Of
//! several equal requests at once, one changes something and all get its answer. An answer may hold a token,
//! so it is sealed with the key; the database has only a digest of the key and cannot open it.

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
/// The longest key, in bytes.
const KEY_MAX: usize = 128;

/// The header, as the OpenAPI document describes it.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyHeader {
    /// A key of the client's choice. The same request with the same key gets the first answer again, for 24
    /// hours.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 128)]
    #[expect(dead_code, reason = "only described; `Idempotent` reads the header")]
    key: Option<String>,
}

/// The body of a request that may be sent again, and its idempotency key if it has one.
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

/// Reads the key of a request.
fn header(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=KEY_MAX).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(ApiError::field("idempotency-key", format!("must have 1 to {KEY_MAX} visible characters"))),
    }
}

/// A key of a person, and the digest of the request that it came with: method, path and body.
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

    /// Stores the answer in the transaction of the change. Fails when another request with this key was
    /// faster; the caller must then not commit.
    pub async fn remember<T: Serialize>(&self, write: &Write, answer: &T, now: Timestamp) -> Answer<()> {
        let answer = serde_json::to_string(answer).map_err(|error| ApiError::internal("answer", &error))?;
        let answer =
            secret::seal(&self.key, &answer).map_err(|error| ApiError::internal("sealing", &error))?;
        let answered = Answered { request_hash: self.request_hash.clone(), answer };
        Ok(write.remember_answer(self.user, &self.key_hash, answered, kept_since(now), now).await?)
    }

    /// Returns the answer that this key got before, if the request is the same.
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

/// Runs the work of a request, unless it was done before: then the first answer is returned.
///
/// Two equal requests may both find no answer and both begin. The slower one is refused somewhere, by the key
/// or by what the first has changed. So after any refusal the answer of the first is looked for once more.
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

/// Returns the time before which answers no longer count.
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
