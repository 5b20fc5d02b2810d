//! Background jobs: expired rows are removed and others kept, and seats whose lost socket went unnoticed are
//! found.

use crate::support::{TestApp, eventually};
use parley_protocol::{
    ServerMessage,
    call::{CallLogEntry, CallStatus},
    rest::InviteLink,
};
use parley_server::{cluster::hub::Hello, jobs, secret};
use std::time::Duration;

const OFTEN: Duration = Duration::from_millis(20);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn only_expired_rows_are_removed() {
    let test = TestApp::new().await;
    let (old, before) = (test.guest("Old").await, test.now());
    let link: InviteLink = old.post("/api/me/invite-link", &()).await.created();
    test.clock.advance(DAY * 30);
    let young = test.guest("Young").await;
    jobs::clean::clean(&test.app).await.unwrap();
    let session = async |token: &str| test.app.store.session(&secret::digest(token), before).await.unwrap();
    // The lookup uses a time at which both sessions were valid: a missing one has been removed.
    assert!(session(&old.signed.token).await.is_none());
    assert!(session(&young.signed.token).await.is_some());
    let maker = test.app.store.invite_maker(&secret::digest(&link.token), before).await.unwrap();
    assert_eq!(maker, None);
}

/// Covers a socket whose loss the call never learned of, as after a failure of the database.
#[tokio::test]
async fn a_seat_without_a_socket_is_found_bug() {
    let test = TestApp::with(|config| config.sweep = OFTEN).await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    let hello = Hello { device: Some(a.id), resume: None };
    let line = test.app.hub.connect(ana.id(), ana.signed.me.session_id, hello).unwrap();
    assert_eq!(a.closed().await, Some(4_001));
    assert!(test.app.hub.disconnect(ana.id(), line.device, line.serial));
    let found = |line: &CallLogEntry| line.event == "socket_gone" && line.user_id == Some(ana.id());
    eventually(async || ana.details(call.id).await.events.iter().any(found)).await;
    test.advance(Duration::from_secs(30)).await;
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Failed);
}

#[tokio::test]
async fn a_socket_does_not_outlive_its_session_bug() {
    let test = TestApp::with(|config| config.sweep = OFTEN).await;
    let old = test.guest("Old").await;
    let mut tab = old.device().await;
    // As after the machine has slept: nothing could extend the session.
    test.clock.advance(DAY * 30);
    let young = test.guest("Young").await;
    let mut other = young.device().await;
    assert_eq!(tab.next().await, ServerMessage::SessionRevoked {});
    assert_eq!(tab.closed().await, Some(4_003));
    assert!(other.drain().await.is_empty());
}
