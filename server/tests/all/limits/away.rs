//! Rate limits without Redis: limited requests are refused because they cannot be counted, and calls go on.

use crate::support::{Database, Link, State, TestApp, redis};
use parley_protocol::{
    ErrorCode,
    call::{CallStatus, MediaState},
};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limited_requests_are_refused_and_calls_go_on() {
    let Some(database) = Database::postgres().await else { return };
    let link = Link::to(redis::shared_port()).await;
    let (url, prefix) = (link.redis_url(), redis::fresh_prefix());
    let test = TestApp::on(database, |config| {
        config.redis_url = Some(url);
        config.redis_prefix = prefix;
        config.redis_dead = Duration::from_secs(1);
    })
    .await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;

    for trouble in [State::Cut, State::Held] {
        link.set(trouble);
        let cleo = serde_json::json!({"display_name": "Cleo"});
        test.post("/api/auth/guest", &cleo).await.refused(503, ErrorCode::Unavailable);
        let hello = serde_json::json!({"text": "hello"});
        let path = format!("/api/conversations/{}/messages", conversation.id);
        ana.post(&path, &hello).await.refused(503, ErrorCode::Unavailable);
        ana.try_start(conversation.id, a.id).await.refused(503, ErrorCode::Unavailable);
        // The call, its sockets and its events need no counter.
        a.media(call.id, MediaState::Connected).await;
        b.media(call.id, MediaState::Connected).await;
        assert_eq!(ana.details(call.id).await.call.status, CallStatus::Connected);
        ben.device().await;
        link.set(State::Whole);
        crate::support::eventually(async || ana.post(&path, &hello).await.status == 201).await;
    }
    ana.finish("end", call.id, &a).await;
    b.until(|message| matches!(message, parley_protocol::ServerMessage::CallEnded { .. }).then_some(()))
        .await;
}

#[tokio::test]
async fn a_server_does_not_start_without_its_limiter() {
    let config = parley_server::config::Config {
        database_url: Some("sqlite::memory:".to_owned()),
        redis_url: Some(format!("redis://127.0.0.1:{}", redis::free_port())),
        ..parley_server::config::Config::default()
    };
    let clock = std::sync::Arc::new(parley_server::clock::SystemClock);
    let refusal = parley_server::app::App::open(config, clock).await.err().expect("it started");
    assert!(format!("{refusal:#}").contains("cannot reach Redis"), "{refusal:#}");
}
