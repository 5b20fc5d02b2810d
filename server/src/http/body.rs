//! Receives the whole body of a request before its work begins, in time and within a limit.
//!
//! A body that is late, too slow or too large is not handed on, and ends its connection, so nobody can hold one
//! with the beginning of a body.

use crate::error::ApiError;
use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderValue, Version, header},
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use parley_protocol::{ErrorCode, limits};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The time that every body has, whatever its speed.
const GRACE: Duration = Duration::from_secs(10);
/// The least speed of a body after that time, in bytes a second.
const LEAST_SPEED: u64 = 1_024;
/// The most bytes that any route takes.
const BYTES_MAX: usize = if limits::PICTURE_MAX_BYTES > limits::FRAME_MAX_BYTES {
    limits::PICTURE_MAX_BYTES
} else {
    limits::FRAME_MAX_BYTES
};

/// Returns the request with its whole body, or the answer that refuses it.
pub async fn receive(request: Request) -> Result<Request, Response> {
    if request.body().is_end_stream() {
        return Ok(request);
    }
    let version = request.version();
    // A body that announces its length is refused before it is asked for (`Expect: 100-continue`).
    if request.body().size_hint().lower() > BYTES_MAX as u64 {
        return Err(refuse(too_large(), version));
    }
    let (parts, body) = request.into_parts();
    match collect(body).await {
        Ok(bytes) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Err(refusal) => Err(refuse(refusal, version)),
    }
}

async fn collect(body: Body) -> Result<Bytes, ApiError> {
    let begun = Instant::now();
    let mut parts = body.into_data_stream();
    // Most bodies come in one part, which is not copied.
    let mut whole = Bytes::new();
    let mut rest = Vec::new();
    loop {
        let length = whole.len() + rest.len();
        let earned = Duration::from_millis(length as u64 * 1_000 / LEAST_SPEED);
        match timeout_at(begun + GRACE + earned, parts.next()).await {
            Ok(None) if rest.is_empty() => return Ok(whole),
            Ok(None) => return Ok([&whole[..], &rest[..]].concat().into()),
            Ok(Some(Ok(part))) if length + part.len() > BYTES_MAX => return Err(too_large()),
            Ok(Some(Ok(part))) if whole.is_empty() => whole = part,
            Ok(Some(Ok(part))) => rest.extend_from_slice(&part),
            Ok(Some(Err(_))) => {
                return Err(ApiError::new(ErrorCode::InvalidInput, "the body broke off"));
            }
            Err(_) => {
                let sentence = "the body came too slowly; send it faster";
                return Err(ApiError::new(ErrorCode::RequestTimeout, sentence));
            }
        }
    }
}

fn too_large() -> ApiError {
    ApiError::new(ErrorCode::TooLarge, "a body may have at most 64 KiB")
}

/// Makes the answer, after which HTTP/1 closes the connection: the rest of the body may still be on its way.
/// On HTTP/2 the stream alone is closed.
fn refuse(refusal: ApiError, version: Version) -> Response {
    let mut response = refusal.into_response();
    if version != Version::HTTP_2 {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;
    use futures_util::stream;
    use std::future::pending;
    use tokio::time::timeout;

    /// Returns a request whose body comes in parts of this many bytes, one in every period.
    fn slow(parts: usize, bytes: usize, every: Duration) -> Request {
        let parts = stream::iter(0..parts).then(move |_| async move {
            _ = timeout(every, pending::<()>()).await;
            Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; bytes]))
        });
        Request::post("/").body(Body::from_stream(parts)).unwrap()
    }

    async fn received(request: Request) -> Result<usize, StatusCode> {
        let request = receive(request).await.map_err(|refusal| refusal.status())?;
        let bytes = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap();
        Ok(bytes.len())
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_is_refused_and_a_steady_one_is_taken() {
        let second = Duration::from_secs(1);
        assert_eq!(received(slow(3, 5, second)).await, Ok(15), "short enough");
        assert_eq!(received(slow(40, 1_100, second)).await, Ok(44_000), "fast enough");
        let begun = Instant::now();
        assert_eq!(received(slow(1_000, 1, second)).await, Err(StatusCode::REQUEST_TIMEOUT));
        assert_eq!(begun.elapsed().as_secs(), 10);
        let begun = Instant::now();
        assert_eq!(received(slow(1, 2, Duration::from_secs(600))).await, Err(StatusCode::REQUEST_TIMEOUT));
        assert_eq!(begun.elapsed().as_secs(), 10);
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_refused_at_once() {
        let now = Duration::ZERO;
        assert_eq!(received(slow(1, BYTES_MAX, now)).await, Ok(BYTES_MAX));
        assert_eq!(received(slow(2, BYTES_MAX, now)).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
        let announced = Request::post("/").body(Body::from(vec![0; BYTES_MAX + 1])).unwrap();
        let refusal = receive(announced).await.unwrap_err();
        assert_eq!(refusal.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(refusal.headers()["connection"], "close");
    }
}
