//! `/api/me`

use crate::support::TestApp;
use axum::http::Method;
use parley_protocol::{ErrorCode, people::Me};

#[tokio::test]
async fn a_person_can_take_another_name() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let rename = |name: &str| Some(format!(r#"{{"display_name":"{name}"}}"#).into_bytes());
    let me: Me = ana.send(Method::PATCH, "/api/me", rename("Anabel"), &[]).await.ok();
    assert_eq!(me.display_name, "Anabel");
    assert_eq!(ana.get("/api/me").await.ok::<Me>(), me);
    let refused = ana.send(Method::PATCH, "/api/me", rename(" "), &[]).await;
    refused.refused(422, ErrorCode::InvalidInput);
    assert_eq!(ana.send(Method::PATCH, "/api/me", Some(b"{}".to_vec()), &[]).await.ok::<Me>(), me);
}
