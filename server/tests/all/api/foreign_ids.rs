//! Other people's conversations and calls look as if they did not exist. The table has every address with
//! such an id.

use crate::support::{Person, TestApp};
use axum::http::Method;
use parley_protocol::{
    DeviceId, ErrorCode,
    rest::{ByDevice, CallAccess},
};
use uuid::Uuid;

/// Returns requests to addresses with the id of a conversation or a call.
fn addresses(conversation: &str, call: &str) -> Vec<(Method, String, String)> {
    let device = serde_json::to_string(&ByDevice { device_id: DeviceId(Uuid::now_v7()) }).unwrap();
    let conversation_at = |what: &str| format!("/api/conversations/{conversation}{what}");
    let call_at = |what: &str| format!("/api/calls/{call}{what}");
    let mut all = vec![
        (Method::GET, conversation_at(""), String::new()),
        (Method::POST, conversation_at("/accept"), String::new()),
        (Method::POST, conversation_at("/decline"), String::new()),
        (Method::GET, conversation_at("/messages"), String::new()),
        (Method::POST, conversation_at("/messages"), r#"{"text":"hi"}"#.to_owned()),
        (Method::POST, conversation_at("/read"), String::new()),
        (Method::PATCH, conversation_at(""), r#"{"name":"Ours"}"#.to_owned()),
        (Method::POST, conversation_at("/members"), format!(r#"{{"user_ids":["{}"]}}"#, Uuid::now_v7())),
        (Method::GET, conversation_at("/invite-links"), String::new()),
        (Method::POST, conversation_at("/invite-links"), "{}".to_owned()),
        (Method::DELETE, conversation_at(&format!("/invite-links/{}", Uuid::now_v7())), String::new()),
        (Method::DELETE, conversation_at(&format!("/members/{}", Uuid::now_v7())), String::new()),
        (
            Method::PATCH,
            conversation_at(&format!("/members/{}", Uuid::now_v7())),
            r#"{"role":"admin"}"#.to_owned(),
        ),
        (Method::GET, call_at(""), String::new()),
    ];
    for what in ["/accept", "/decline", "/cancel", "/leave", "/end"] {
        all.push((Method::POST, call_at(what), device.clone()));
    }
    if Uuid::parse_str(conversation).is_ok() {
        let body = format!(
            r#"{{"conversation_id":"{conversation}","call_type":"audio","device_id":"{}"}}"#,
            Uuid::now_v7()
        );
        all.push((Method::POST, "/api/calls/start".to_owned(), body));
    }
    all
}

async fn all_missing(person: &Person<'_>, conversation: &str, call: &str) {
    for (method, path, body) in addresses(conversation, call) {
        let body = (!body.is_empty()).then(|| body.into_bytes());
        person.send(method, &path, body, &[]).await.refused(404, ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn a_stranger_finds_nothing() {
    let test = TestApp::new().await;
    let (ana, _ben, conversation) = test.friends().await;
    let tab = ana.device().await;
    let live = ana.start(conversation.id, &tab).await;
    let stranger = test.guest("Cleo").await;
    all_missing(&stranger, &conversation.id.to_string(), &live.id.to_string()).await;
    ana.finish("cancel", live.id, &tab).await;
    all_missing(&stranger, &conversation.id.to_string(), &live.id.to_string()).await;
}

#[tokio::test]
async fn unknown_ids_name_nothing() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let random = Uuid::now_v7().to_string();
    all_missing(&ana, &random, &random).await;
    for id in ["7", "x", "%00", "..%2F..%2Fme", "018f4b6e"] {
        all_missing(&ana, id, id).await;
    }
}

#[tokio::test]
async fn without_a_session_everything_is_closed() {
    let test = TestApp::new().await;
    let (ana, _ben, conversation) = test.friends().await;
    let tab = ana.device().await;
    let call = ana.try_start(conversation.id, tab.id).await.created::<CallAccess>().call;
    let mut all = addresses(&conversation.id.to_string(), &call.id.to_string());
    for path in ["/api/me", "/api/users?query=a", "/api/conversations", "/api/calls/active"] {
        all.push((Method::GET, path.to_owned(), String::new()));
    }
    for path in ["/api/calls/history", "/api/ice-servers", "/api/ws", "/api/me/blocks"] {
        all.push((Method::GET, path.to_owned(), String::new()));
    }
    let block = format!("/api/users/{}/block", Uuid::now_v7());
    all.push((Method::PUT, block.clone(), String::new()));
    all.push((Method::DELETE, block, String::new()));
    all.push((Method::POST, "/api/me/invite-link".to_owned(), String::new()));
    all.push((Method::POST, "/api/auth/logout".to_owned(), String::new()));
    for (method, path, body) in all {
        let request = axum::http::Request::builder()
            .method(method)
            .uri(&path)
            .header("host", "parley.test")
            .header("content-type", "application/json")
            .body(body.into())
            .unwrap();
        test.send(request).await.refused(401, ErrorCode::Unauthorized);
    }
}
