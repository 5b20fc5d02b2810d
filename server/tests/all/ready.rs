//! `GET /ready` names the component that is unavailable.

use crate::support::{Database, Link, State, TestApp, eventually, redis};
use axum::http::StatusCode;
use parley_protocol::{
    ErrorCode,
    call::CallStatus,
    rest::{Health, Readiness},
};
use std::time::Duration;

const READY: Readiness = Readiness {
    database: Health::Ok,
    fan_out: Health::Ok,
    media_engine: Health::Ok,
    connections: Health::Ok,
    draining: false,
};

#[tokio::test]
async fn a_server_is_ready_until_it_drains() {
    let test = TestApp::new().await;
    assert_eq!(test.get("/ready").await.ok::<Readiness>(), READY);
    test.app.drain();
    let answer: Readiness = test.get("/ready").await.expect(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer, Readiness { draining: true, ..READY });
}

#[tokio::test]
async fn a_database_that_is_away_is_named() {
    let test = TestApp::new().await;
    test.app.store.close().await.unwrap();
    let answer: Readiness = test.get("/ready").await.expect(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer, Readiness { database: Health::Away, ..READY });
    assert_eq!(test.get("/health").await.status, StatusCode::OK, "the process lives");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_away_is_named_until_it_is_back() {
    let Some(database) = Database::postgres().await else { return };
    let link = Link::to(redis::shared_port()).await;
    let (url, prefix) = (link.redis_url(), redis::fresh_prefix());
    let test = TestApp::on(database, |config| {
        config.redis_url = Some(url);
        config.redis_prefix = prefix;
        config.redis_dead = Duration::from_secs(1);
    })
    .await;
    assert_eq!(test.get("/ready").await.ok::<Readiness>(), READY);
    link.set(State::Cut);
    eventually(async || test.get("/ready").await.status == StatusCode::SERVICE_UNAVAILABLE).await;
    let answer: Readiness = test.get("/ready").await.expect(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer, Readiness { fan_out: Health::Away, ..READY });
    link.set(State::Whole);
    eventually(async || test.get("/ready").await.status == StatusCode::OK).await;
}

/// Checks that requests are refused by name while PostgreSQL is away, that sockets and calls stay, and that
/// the server recovers by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_that_is_away_ends_no_call() {
    let Some(database) = Database::postgres().await else { return };
    let link = Link::to(database.port()).await;
    let url =
        database.url().replace(&format!(":{}/", database.port()), &format!(":{}/", link.address.port()));
    let test = TestApp::on(database, |config| {
        config.database_url = Some(url);
        config.pool.wait = Duration::from_millis(500);
        config.answer = Duration::from_secs(1);
    })
    .await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    a.drain().await;
    for trouble in [State::Cut, State::Held] {
        link.set(trouble);
        ana.try_start(conversation.id, a.id).await.refused(503, ErrorCode::Unavailable);
        eventually(async || {
            let answer: Readiness = test.get("/ready").await.expect(StatusCode::SERVICE_UNAVAILABLE);
            answer == Readiness { database: Health::Away, ..READY }
        })
        .await;
        assert!(a.drain().await.is_empty(), "the socket is not touched by it");
        link.set(State::Whole);
        eventually(async || test.get("/ready").await.status == StatusCode::OK).await;
    }
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Connecting);
}
