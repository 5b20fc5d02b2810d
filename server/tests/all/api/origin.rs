//! Only the server's own page can act with a person's cookie.

use crate::support::{Person, TestApp, connect};
use axum::http::{Method, header};
use parley_protocol::{ErrorCode, people::Me};

/// Changes the profile as a browser would: with the cookie, and with the origin of the page.
async fn rename(ana: &Person<'_>, origin: &str) -> crate::support::Reply {
    let cookie = format!("theme=dark; parley_session={}", ana.signed.token);
    let mut request = axum::http::Request::builder()
        .method(Method::PATCH)
        .uri("/api/me")
        .header(header::HOST, "parley.test:8080")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::COOKIE, cookie);
    if !origin.is_empty() {
        request = request.header(header::ORIGIN, origin);
    }
    ana.test.send(request.body("{}".into()).unwrap()).await
}

#[tokio::test]
async fn another_site_changes_nothing() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    rename(&ana, "http://parley.test:8080").await.ok::<Me>();
    rename(&ana, "").await.ok::<Me>();
    for origin in ["http://parley.test", "http://evil.test", "null", "http://parley.test:8080.evil.test"] {
        rename(&ana, origin).await.refused(403, ErrorCode::ForbiddenOrigin);
    }
}

#[tokio::test]
async fn reading_needs_no_origin_but_a_session() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let other = [(header::ORIGIN, "http://evil.test")];
    ana.send(Method::GET, "/api/me", None, &other).await.ok::<Me>();
    test.get("/api/me").await.refused(401, ErrorCode::Unauthorized);
}

#[tokio::test]
async fn a_socket_with_a_cookie_needs_our_origin() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let cookie = format!("parley_session={}", ana.signed.token);
    let bearer = format!("Bearer {}", ana.signed.token);
    let ours = format!("http://{}", test.address);
    let at = test.address;
    let refused = async |headers: &[(&'static str, &str)]| match connect(at, headers).await {
        Ok(_) => panic!("connected"),
        Err(response) => response.status().as_u16(),
    };
    assert!(connect(at, &[("cookie", &cookie), ("origin", &ours)]).await.is_ok());
    assert!(connect(at, &[("authorization", &bearer)]).await.is_ok());
    assert_eq!(refused(&[("cookie", &cookie)]).await, 403);
    assert_eq!(refused(&[("cookie", &cookie), ("origin", "http://evil.test")]).await, 403);
    assert_eq!(refused(&[("authorization", &bearer), ("origin", "http://evil.test")]).await, 403);
    assert_eq!(refused(&[("origin", &ours)]).await, 401);
    assert_eq!(refused(&[("cookie", "parley_session=guess"), ("origin", &ours)]).await, 401);
}
