//! The client of the server's REST routes: one function for each route, one file for each resource.
//!
//! Requests go through `exchange`, which has the time limit and turns a refusal into a [`Failure`]. Only the
//! upload of a picture, whose body is no JSON, makes its own.

pub mod account;
pub mod calls;
pub mod conversations;
pub mod groups;
pub mod history;
pub mod invites;
pub mod people;
pub mod session;

use crate::browser::{deadline, page};
use crate::words::{Word, say};
use gloo_net::http::{Method, Request, RequestBuilder};
use parley_protocol::{ErrorBody, ErrorCode, ErrorDetail};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

/// The reason why a request brought no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server could not be reached, or its answer made no sense.
    Unreachable,
    Refused(ErrorDetail),
}

impl Failure {
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Unreachable => None,
            Self::Refused(detail) => Some(detail.code),
        }
    }

    /// Returns a sentence for people.
    pub fn sentence(&self) -> String {
        match self {
            Self::Unreachable => say(Word::ServerOutOfReachRetry).to_owned(),
            Self::Refused(detail) => sentence(&detail.message),
        }
    }
}

/// Loads a file as text.
pub async fn text(path: &str) -> Result<String, Failure> {
    exchange(Method::GET, path, None, None).await
}

async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    parse(&exchange(Method::GET, path, None, None).await?)
}

async fn send<T: DeserializeOwned>(method: Method, path: &str, body: &impl Serialize) -> Result<T, Failure> {
    parse(&exchange(method, path, json(body), None).await?)
}

/// Loads one page of a list: from its beginning, or from the cursor that the page before gave.
async fn get_page<T: DeserializeOwned>(path: &str, limit: u32, cursor: Option<&str>) -> Result<T, Failure> {
    let cursor = cursor.map(|cursor| format!("&cursor={}", page::encode(cursor))).unwrap_or_default();
    get(&format!("{path}?limit={limit}{cursor}")).await
}

/// Sends a `POST` without a body.
async fn post<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    parse(&exchange(Method::POST, path, None, None).await?)
}

/// Sends a request without a body, and ignores the body of the answer.
async fn tell(method: Method, path: &str) -> Result<(), Failure> {
    exchange(method, path, None, None).await.map(drop)
}

/// The longest that a person waits for an answer; the request is aborted then.
const TIME_LIMIT: Duration = Duration::from_secs(15);

/// Sends a request and returns the text of the answer. It is not generic, so that its code is in the page
/// only once.
async fn exchange(
    method: Method,
    path: &str,
    body: Option<String>,
    idempotency_key: Option<&str>,
) -> Result<String, Failure> {
    let limit = deadline::after(TIME_LIMIT);
    let mut request = RequestBuilder::new(path).method(method).abort_signal(Some(&limit));
    if let Some(key) = idempotency_key {
        request = request.header("Idempotency-Key", key);
    }
    let request = match body {
        Some(body) => request.header("Content-Type", "application/json").body(body),
        None => request.build(),
    };
    answer(request).await
}

async fn answer(request: Result<Request, gloo_net::Error>) -> Result<String, Failure> {
    let response = request.map_err(unreachable)?.send().await.map_err(unreachable)?;
    let text = response.text().await.map_err(unreachable)?;
    if response.ok() { Ok(text) } else { Err(refusal(&text)) }
}

fn unreachable(_: gloo_net::Error) -> Failure {
    Failure::Unreachable
}

fn json(body: &impl Serialize) -> Option<String> {
    serde_json::to_string(body).ok()
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|_| Failure::Unreachable)
}

/// Reads the server's error. A body that is none, as from a proxy in between, counts as unreachable.
fn refusal(text: &str) -> Failure {
    parse::<ErrorBody>(text).map_or_else(|failure| failure, |body| Failure::Refused(body.error))
}

/// Makes a sentence of a server's message: a capital letter and a full stop.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
