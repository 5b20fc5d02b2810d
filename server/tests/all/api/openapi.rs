//! `/api/openapi.json`: the document is complete. Every request of the suite checks that its answer conforms
//! to it.

use crate::support::{Reply, TestApp, contract};
use axum::{
    Json,
    body::Body,
    http::{Method, Response, StatusCode},
    response::IntoResponse,
};
use parley_protocol::ErrorCode;
use parley_server::{error::status_of, routes};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn operations() -> impl Iterator<Item = (String, &'static Value)> {
    let paths = routes::document().value["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().unwrap();
        item.iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

#[tokio::test]
async fn the_document_is_served_to_anyone() {
    let test = TestApp::new().await;
    let served: Value = test.get("/api/openapi.json").await.ok();
    assert_eq!(served, routes::document().value);
    assert_eq!(served["openapi"], "3.1.0");
}

#[test]
fn every_route_is_described() {
    let document = &routes::document().value;
    let tags: BTreeSet<_> =
        document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).map(Value::to_string).collect();
    let mut ids = BTreeSet::new();
    for (route, operation) in operations() {
        assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{route} has no summary");
        assert!(tags.contains(&operation["tags"][0].to_string()), "{route} has no tag of ours");
        assert!(operation["security"].is_array(), "{route} does not say who may call");
        assert!(ids.insert(operation["operationId"].to_string()), "{route}: two have this id");
        let statuses = operation["responses"].as_object().unwrap().keys();
        assert!(statuses.into_iter().any(|status| status.as_str() < "400"), "{route} never succeeds");
    }
}

#[test]
fn every_listed_refusal_is_a_code_of_its_status() {
    for (route, operation) in operations() {
        for (status, response) in operation["responses"].as_object().unwrap() {
            if status.as_str() < "400" || response["content"].is_object() {
                continue;
            }
            let to = response["$ref"].as_str().unwrap_or_else(|| panic!("{route} {status} lists no code"));
            let refusal = routes::document().value.pointer(to.trim_start_matches('#')).unwrap();
            let codes = refusal["description"].as_str().unwrap().split(", ");
            for code in codes {
                let code: ErrorCode = code.parse().unwrap_or_else(|_| panic!("{route}: no code {code}"));
                assert_eq!(status_of(code).as_str(), status, "{route}: {code}");
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(value: &Value) {
        if let Some(to) = value["$ref"].as_str() {
            assert!(routes::document().value.pointer(to.trim_start_matches('#')).is_some(), "{to}");
        }
        match value {
            Value::Object(map) => map.values().for_each(walk),
            Value::Array(list) => list.iter().for_each(walk),
            _ => {}
        }
    }
    walk(&routes::document().value);
}

async fn reply(status: StatusCode, body: Value) -> Reply {
    let response: Response<Body> = (status, Json(body)).into_response();
    Reply::read(response).await
}

/// Checks whether an answer passes the check that every request of the suite goes through.
async fn passes(method: Method, path: &str, status: StatusCode, body: Value) -> bool {
    let reply = reply(status, body).await;
    std::panic::catch_unwind(|| contract::check(&method, path, &reply)).is_ok()
}

#[tokio::test]
async fn an_undocumented_answer_fails_the_test() {
    let error = |code: &str| json!({ "error": { "code": code, "message": "no" } });
    let get = |path: &'static str, status, body| passes(Method::GET, path, status, body);
    assert!(
        get(
            "/api/ice-servers",
            StatusCode::OK,
            json!({ "servers": [], "relay_only": false, "preconnect": true })
        )
        .await
    );
    for wrong in [
        json!({}),
        json!([]),
        json!({ "servers": [], "relay_only": 0, "preconnect": true }),
        json!({ "servers": [], "relay_only": false, "preconnect": true, "secret": 1 }),
    ] {
        assert!(!get("/api/ice-servers", StatusCode::OK, wrong).await);
    }
    assert!(!get("/api/ice-servers", StatusCode::ACCEPTED, json!({})).await);
    assert!(get("/api/ice-servers", StatusCode::UNAUTHORIZED, error("unauthorized")).await);
    assert!(!get("/api/ice-servers", StatusCode::UNAUTHORIZED, error("not_found")).await);
    assert!(!get("/api/nothing", StatusCode::OK, json!({})).await);
    assert!(!passes(Method::DELETE, "/api/me", StatusCode::NO_CONTENT, json!({})).await);
    let me = "/api/calls/start";
    assert!(passes(Method::POST, me, StatusCode::CONFLICT, error("call_in_progress")).await);
    assert!(!passes(Method::POST, me, StatusCode::CONFLICT, error("internal")).await);
}
