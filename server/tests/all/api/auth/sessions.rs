//! `/api/auth/sessions`: listing one's sessions, and ending them.

use crate::support::{Person, TestApp, eventually};
use axum::http::{Method, header};
use parley_protocol::{
    ErrorCode, ServerMessage, SessionId,
    people::{Me, Profile},
    rest::{GuestSignIn, SessionInfo, Sessions, SignedIn},
};
use parley_server::secret;
use std::time::Duration;

const OFTEN: Duration = Duration::from_millis(20);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Creates another session of the same person, as another browser would.
async fn another<'a>(of: &Person<'a>, n: u8) -> Person<'a> {
    let (id, token) = (SessionId(uuid::Uuid::now_v7()), format!("another token {n}"));
    let now = of.test.now();
    let row = parley_server::storage::SessionRow {
        id,
        user_id: of.id(),
        created_at: now,
        used_at: now,
        expires_at: now + DAY * 30,
        client: format!("Browser {n}"),
    };
    let write = of.test.app.store.write().await.unwrap();
    write.insert_session(&row, &secret::digest(&token)).await.unwrap();
    write.commit().await.unwrap();
    let me = Me { session_id: id, ..of.signed.me.clone() };
    Person::new(of.test, SignedIn { me, token })
}

async fn list(person: &Person<'_>) -> Vec<SessionInfo> {
    person.get("/api/auth/sessions").await.ok::<Sessions>().items
}

fn at(person: &Person<'_>) -> String {
    format!("/api/auth/sessions/{}", person.signed.me.session_id)
}

/// Checks that a session trusted because of its open socket, without a look at the database, still ends in
/// time.
#[tokio::test]
async fn the_session_of_an_open_tab_ends_like_any_other() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let (ended, late) = (another(&ana, 2).await, another(&ana, 3).await);
    let _tabs = (ended.device().await, late.device().await);
    for session in [&ended, &ended, &late] {
        session.get("/api/me").await.ok::<Profile>();
    }
    ana.delete(&at(&ended)).await.is_empty();
    ended.get("/api/me").await.refused(401, ErrorCode::Unauthorized);
    late.get("/api/me").await.ok::<Profile>();
    test.clock.advance(DAY * 31);
    late.get("/api/me").await.refused(401, ErrorCode::Unauthorized);
}

#[tokio::test]
async fn the_list_has_the_own_sessions_and_marks_the_current_one() {
    let test = TestApp::new().await;
    let body = serde_json::to_vec(&GuestSignIn { display_name: "Ana".into() }).unwrap();
    let request = axum::http::Request::post("/api/auth/guest")
        .header(header::HOST, "parley.test")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, format!("Mozilla/5.0 (X11) {}", "x".repeat(300)))
        .body(body.into())
        .unwrap();
    let ana = Person::new(&test, test.send(request).await.created());
    test.guest("Ben").await;
    test.clock.advance(Duration::from_millis(1));
    let second = another(&ana, 2).await;
    let seen = list(&second).await;
    assert_eq!(seen.iter().map(|one| one.current).collect::<Vec<_>>(), [true, false]);
    assert_eq!((seen[0].client.as_str(), seen[0].expires_at), ("Browser 2", test.now() + DAY * 30));
    assert!(seen[1].client.starts_with("Mozilla/5.0 (X11) xx") && seen[1].client.len() == 200);
    assert_eq!(seen[1].id, ana.signed.me.session_id);
}

#[tokio::test]
async fn a_revoked_session_is_cut_at_once() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let other = another(&ana, 2).await;
    let (mut here, mut there) = (ana.device().await, other.device().await);
    let reply = ana.delete(&at(&other)).await;
    reply.is_empty();
    assert_eq!(reply.header("set-cookie"), "", "this one goes on");
    assert_eq!(there.next().await, ServerMessage::SessionRevoked {});
    assert_eq!(there.closed().await, Some(4_003));
    other.get("/api/me").await.refused(401, ErrorCode::Unauthorized);
    assert!(here.drain().await.is_empty());
    assert_eq!(list(&ana).await.len(), 1);
    ana.delete(&at(&other)).await.refused(404, ErrorCode::NotFound);
}

#[tokio::test]
async fn ending_the_current_session_clears_the_cookie() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let reply = ana.delete(&at(&ana)).await;
    reply.is_empty();
    assert!(reply.header("set-cookie").contains("Max-Age=0"));
    ana.get("/api/me").await.refused(401, ErrorCode::Unauthorized);
}

#[tokio::test]
async fn another_persons_session_is_not_found() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    ana.delete(&at(&ben)).await.refused(404, ErrorCode::NotFound);
    ben.get("/api/me").await.ok::<Me>();
}

#[tokio::test]
async fn the_list_comes_in_pages() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    for n in 2..4 {
        test.clock.advance(Duration::from_millis(1));
        another(&ana, n).await;
    }
    let first: Sessions = ana.get("/api/auth/sessions?limit=2").await.ok();
    assert_eq!((first.items[0].client.as_str(), first.items[1].client.as_str()), ("Browser 3", "Browser 2"));
    let rest = format!("/api/auth/sessions?limit=2&cursor={}", first.next_cursor.unwrap());
    let rest: Sessions = ana.get(&rest).await.ok();
    assert_eq!((rest.items.len(), rest.items[0].current, rest.next_cursor), (1, true, None));
}

/// Guards against sessions that expire under a page that only listens and sends no request to extend them.
#[tokio::test]
async fn a_tab_that_stays_open_keeps_its_session_bug() {
    let test = TestApp::with(|config| config.sweep = OFTEN).await;
    let ana = test.guest("Ana").await;
    let mut tab = ana.device().await;
    for _ in 0..3 {
        let until = test.now() + DAY * 44;
        test.clock.advance(DAY * 14);
        eventually(async || list(&ana).await[0].expires_at == until).await;
    }
    assert!(tab.drain().await.is_empty(), "after 42 days");
    assert_eq!(list(&ana).await[0].used_at, test.now());
    let request = |by: &str| {
        let request = axum::http::Request::builder().method(Method::GET).uri("/api/me");
        request
            .header(header::COOKIE, format!("parley_session={by}"))
            .body(axum::body::Body::empty())
            .unwrap()
    };
    assert_eq!(test.send(request(&ana.signed.token)).await.status, 200);
}
