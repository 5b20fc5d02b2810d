//! The first frame of a socket, `hello`.

use crate::support::{Device, TestApp};
use parley_protocol::{ClientMessage, DeviceId, ErrorCode, ServerMessage};
use std::time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn hello_comes_first_and_only_once() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let mut tab = Device::silent(&ana).await;
    for early in
        [r#"{"type":"ping"}"#, r#"{"type":"call.ring_ack","call_id":"018f4b6e-0000-7000-8000-000000000000"}"#]
    {
        tab.send_text(early).await;
        assert_eq!(tab.refused().await, ErrorCode::OutOfOrder);
    }
    tab.send_text("{").await;
    assert_eq!(tab.refused().await, ErrorCode::InvalidJson);
    tab.send(&ClientMessage::Hello { device_id: None, resume: None }).await;
    assert_eq!(crate::support::tag(&tab.next().await), "welcome");
    tab.send(&ClientMessage::Hello { device_id: None, resume: None }).await;
    assert_eq!(tab.refused().await, ErrorCode::OutOfOrder);
    assert!(tab.drain().await.is_empty());
}

#[tokio::test]
async fn a_socket_that_does_not_say_hello_is_closed() {
    let test = TestApp::with(|config| config.hello = Duration::from_millis(30)).await;
    let ana = test.guest("Ana").await;
    assert_eq!(Device::silent(&ana).await.closed().await, Some(4_008));
}

#[tokio::test]
async fn a_tab_that_returns_keeps_its_id_and_replaces_its_older_socket() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let mut a = ana.device().await;
    let call = ana.start(conversation.id, &a).await;
    let mut again = Device::hello(&ana, Some(a.id)).await;
    assert_eq!(again.id, a.id);
    assert_eq!(a.closed().await, Some(4_001));
    assert!(again.heard().await.is_empty(), "the call never missed it");
    assert_eq!(ben.details(call.id).await.events.len(), 1);
}

#[tokio::test]
async fn a_device_cannot_be_taken_by_another_person_bug() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let hers = DeviceId(Uuid::now_v7());
    // The thief connects first, as may happen after a restart.
    let mut thief = Device::hello(&ben, Some(hers)).await;
    let mut a = Device::hello(&ana, Some(hers)).await;
    assert_eq!(a.id, hers);
    let call = ana.start(conversation.id, &a).await;
    assert_eq!(thief.incoming().await.id, call.id, "his own device, whatever it is called");
    a.drain().await;
    let mut again = Device::hello(&ana, Some(hers)).await;
    assert_eq!(again.id, hers);
    assert_eq!(a.closed().await, Some(4_001));
    assert!(again.heard().await.is_empty() && thief.heard().await.is_empty());
    assert_eq!(ben.details(call.id).await.events.len(), 1, "the call never missed her");
    let chosen = DeviceId(Uuid::now_v7());
    assert_eq!(Device::hello(&ben, Some(chosen)).await.id, chosen, "an id that nobody uses may be kept");
}

#[tokio::test]
async fn a_session_that_ends_before_hello_gets_no_welcome_bug() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let mut tab = Device::silent(&ana).await;
    ana.post("/api/auth/logout", &()).await.is_empty();
    tab.send(&ClientMessage::Hello { device_id: None, resume: None }).await;
    assert_eq!(tab.next().await, ServerMessage::SessionRevoked {});
    assert_eq!(tab.closed().await, Some(4_003));
}
