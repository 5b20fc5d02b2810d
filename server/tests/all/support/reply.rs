//! An HTTP answer, and assertions about it.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Response, StatusCode},
};
use http_body_util::BodyExt;
use parley_protocol::{ErrorBody, ErrorCode, ErrorDetail};
use serde::de::DeserializeOwned;

/// An answer whose body has been read.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Self { status: parts.status, headers: parts.headers, body }
    }

    #[track_caller]
    pub fn ok<T: DeserializeOwned>(&self) -> T {
        self.expect(StatusCode::OK)
    }

    #[track_caller]
    pub fn created<T: DeserializeOwned>(&self) -> T {
        self.expect(StatusCode::CREATED)
    }

    #[track_caller]
    pub fn expect<T: DeserializeOwned>(&self, status: StatusCode) -> T {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Checks that the answer is 204 No Content.
    #[track_caller]
    pub fn is_empty(&self) {
        assert_eq!(self.status, StatusCode::NO_CONTENT, "{}", self.text());
    }

    /// Checks that the answer is an error with this status and code, and returns it.
    #[track_caller]
    pub fn refused(&self, status: u16, code: ErrorCode) -> ErrorDetail {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        let ErrorBody { error } = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(error.code, code);
        error
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
