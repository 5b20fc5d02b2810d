//! Wrong bodies and addresses, at any route.

use crate::support::TestApp;
use axum::http::{Method, StatusCode, header};
use parley_protocol::{ErrorCode, limits};

async fn post(body: &[u8], kind: &str) -> crate::support::Reply {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    ana.send(Method::POST, "/api/calls/start", Some(body.to_vec()), &[(header::CONTENT_TYPE, kind)]).await
}

#[tokio::test]
async fn malformed_json_is_named() {
    for body in ["", "{", "nonsense", "\u{0}", "[", "{\"x\""] {
        post(body.as_bytes(), "application/json").await.refused(400, ErrorCode::InvalidJson);
    }
    post(b"\"\xff\xfe\"", "application/json").await.refused(400, ErrorCode::InvalidJson);
    let deep = "[".repeat(10_000);
    post(deep.as_bytes(), "application/json").await.refused(400, ErrorCode::InvalidJson);
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    for (body, field) in [
        ("{}", "conversation_id"),
        (r#"{"conversation_id":7}"#, "conversation_id"),
        (r#"{"conversation_id":"018f4b6e-0000-7000-8000-000000000000","call_type":"smell"}"#, "call_type"),
        (
            r#"{"conversation_id":"018f4b6e-0000-7000-8000-000000000000","call_type":"video",
               "device_id":"018f4b6e-0000-7000-8000-000000000000","media":{"muted":"yes","video":true}}"#,
            "media.muted",
        ),
        ("[]", "body"),
        (r#"["018f4b6e-0000-7000-8000-000000000000","video"]"#, "body"),
        ("7", "body"),
    ] {
        let error = post(body.as_bytes(), "application/json").await.refused(422, ErrorCode::InvalidInput);
        let named = error.details.unwrap().field.unwrap();
        assert_eq!(named, field, "{body}");
    }
}

#[tokio::test]
async fn bodies_end_at_64_kib() {
    let padded = |length: usize| format!("{{}}{}", " ".repeat(length - 2)).into_bytes();
    let at = post(&padded(limits::FRAME_MAX_BYTES), "application/json").await;
    at.refused(422, ErrorCode::InvalidInput);
    let over = post(&padded(limits::FRAME_MAX_BYTES + 1), "application/json").await;
    over.refused(413, ErrorCode::TooLarge);
}

#[tokio::test]
async fn a_body_must_say_that_it_is_json() {
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx"]
    {
        post(b"{}", kind).await.refused(415, ErrorCode::UnsupportedMediaType);
    }
    post(b"{}", "application/json; charset=utf-8").await.refused(422, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_answered_in_json() {
    let test = TestApp::new().await;
    for path in ["/api/nothing", "/api/calls", "/api/calls/start/x", "/api", "/api/", "/api/index.html"] {
        test.get(path).await.refused(404, ErrorCode::NotFound);
    }
    let ana = test.guest("Ana").await;
    for (method, path) in
        [(Method::DELETE, "/api/me"), (Method::GET, "/api/calls/start"), (Method::PUT, "/api/conversations")]
    {
        ana.send(method, path, None, &[]).await.refused(405, ErrorCode::MethodNotAllowed);
    }
}

#[tokio::test]
async fn every_answer_forbids_what_a_browser_might_try() {
    let test = TestApp::new().await;
    for path in ["/", "/api/config", "/api/nothing", "/health", "/x.js"] {
        let reply = test.get(path).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
        assert!(reply.header("permissions-policy").contains("microphone=(self)"));
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"), "{policy}");
    }
}

#[tokio::test]
async fn the_health_check_needs_no_database() {
    let test = TestApp::new().await;
    assert_eq!(test.get("/health").await.status, StatusCode::OK);
    test.app.store.close().await.unwrap();
    assert_eq!(test.get("/health").await.status, StatusCode::OK);
    test.post("/api/auth/guest", &serde_json::json!({"display_name": "Ana"}))
        .await
        .refused(503, ErrorCode::Unavailable);
}
