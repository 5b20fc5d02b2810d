//! `GET /ready` names what is away.

use crate::support::{Database, Link, State, TestApp, eventually, redis};
use axum::http::StatusCode;
use parley_protocol::rest::{Health, Readiness};
use std::time::Duration;

const READY: Readiness =
    Readiness { database: Health::Ok, fan_out: Health::Ok, media_engine: Health::Ok, draining: false };

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
