//! `GET /api/config`

use crate::support::TestApp;
use axum::http::{Method, header};
use parley_protocol::rest::ClientConfig;
use std::time::Duration;

#[tokio::test]
async fn the_configuration_names_its_reader_and_refuses_nobody() {
    let test = TestApp::with(|config| config.preconnect = false).await;
    let stranger: ClientConfig = test.get("/api/config").await.ok();
    assert_eq!((stranger.me, stranger.preconnect, stranger.ring_seconds), (None, false, 60));
    let ana = test.guest("Ana").await;
    let known: ClientConfig = ana.get("/api/config").await.ok();
    assert_eq!(known.me.as_ref(), Some(&ana.signed.me));
    ana.post("/api/auth/logout", &()).await.is_empty();
    assert_eq!(ana.get("/api/config").await.ok::<ClientConfig>().me, None);
}

#[tokio::test]
async fn a_cookie_in_use_is_renewed() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let cookie = format!("parley_session={}", ana.signed.token);
    let ask = async || {
        let request = axum::http::Request::builder().method(Method::GET).uri("/api/config");
        test.send(request.header(header::COOKIE, &cookie).body(axum::body::Body::empty()).unwrap()).await
    };
    assert_eq!(ask().await.header("set-cookie"), "", "once a day is enough");
    test.clock.advance(Duration::from_secs(24 * 60 * 60));
    assert!(ask().await.header("set-cookie").starts_with(&cookie));
    assert_eq!(ask().await.header("set-cookie"), "");
}
