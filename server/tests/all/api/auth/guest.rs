//! `POST /api/auth/guest`

use crate::support::{Database, TestApp};
use parley_protocol::{
    ErrorCode,
    people::Me,
    rest::{GuestSignIn, SignedIn},
};
use std::time::Duration;

fn named(name: &str) -> GuestSignIn {
    GuestSignIn { display_name: name.to_owned() }
}

#[tokio::test]
async fn a_name_is_enough() {
    let test = TestApp::new().await;
    let reply = test.post("/api/auth/guest", &named("  Ana\u{202E}  María ")).await;
    let signed: SignedIn = reply.created();
    assert_eq!(signed.me.display_name, "Ana María");
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with(&format!("parley_session={};", signed.token)), "{cookie}");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34560000"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain HTTP would lose a secure cookie");
    assert!(signed.token.len() >= 43, "256 bits");
}

#[tokio::test]
async fn the_cookie_is_secure_behind_tls() {
    let lan = TestApp::with(|config| config.lan = true).await;
    let proxied = TestApp::with(|config| config.public_origin = Some("https://parley.test".into())).await;
    for test in [lan, proxied] {
        let reply = test.post("/api/auth/guest", &named("Ana")).await;
        assert!(reply.header("set-cookie").contains("; Secure"));
    }
}

#[tokio::test]
async fn names_have_1_to_64_visible_characters() {
    let test = TestApp::new().await;
    for name in ["", "   ", "\u{200B}\u{2060}", &"x".repeat(65)] {
        let error = test.post("/api/auth/guest", &named(name)).await.refused(422, ErrorCode::InvalidInput);
        assert_eq!(error.details.unwrap().field.as_deref(), Some("display_name"));
    }
    assert_eq!(test.post("/api/auth/guest", &named(&"ä".repeat(64))).await.status, 201);
}

#[tokio::test]
async fn the_token_itself_is_not_stored() {
    let database = Database::sqlite();
    let Database::Sqlite(folder) = &database else { unreachable!() };
    let folder = folder.path().to_owned();
    let test = TestApp::on(database, |_| {}).await;
    let token = test.guest("Ana").await.signed.token;
    test.app.store.close().await.unwrap();
    let mut files = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        files += 1;
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()));
    }
    assert!(files > 0);
}

#[tokio::test]
async fn a_session_lives_30_days_after_its_last_use() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let test = TestApp::new().await;
    let (used, unused) = (test.guest("Ana").await, test.guest("Ben").await);
    test.clock.advance(DAY * 29);
    used.get("/api/me").await.ok::<Me>();
    test.clock.advance(DAY);
    used.get("/api/me").await.ok::<Me>();
    unused.get("/api/me").await.refused(401, ErrorCode::Unauthorized);
    test.clock.advance(DAY * 30);
    used.get("/api/me").await.refused(401, ErrorCode::Unauthorized);
}
