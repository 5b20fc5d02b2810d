//! `POST /api/calls/start`

use crate::support::{Database, Device, Person, Reply, TestApp, on_both};
use parley_protocol::{
    DeviceId, ErrorCode, ServerMessage,
    call::{CallStatus, Engine, OwnMedia, ParticipantStatus, Role},
    people::Conversation,
    rest::{AcceptCall, CallAccess, IceServer, NewConversation, StartCall},
};
use std::time::Duration;
use uuid::Uuid;

on_both!(twins_start_one_call_bug twins_that_answer_are_answered_alike_bug);

#[tokio::test]
async fn every_tab_of_the_callee_rings() {
    let server = IceServer { urls: vec!["stun:stun.test".into()], username: None, credential: None };
    let test = TestApp::with(|config| config.ice_servers = vec![server.clone()]).await;
    let (ana, ben, conversation) = test.friends().await;
    let tab = ana.device().await;
    let (mut one, mut two) = (ben.device().await, ben.device().await);
    let access: CallAccess = ana.try_start(conversation.id, tab.id).await.created();
    let call = access.call;
    assert_eq!(access.ice.servers, [server]);
    assert!(access.ice.preconnect && !access.ice.relay_only);
    assert_eq!((call.status, call.engine, call.version), (CallStatus::Initiated, Engine::P2p, 1));
    assert_eq!(call.ring_deadline, test.now() + Duration::from_secs(60));
    assert_eq!(call.participants[0].role, Role::Host);
    assert_eq!(call.participants[0].device_id, Some(tab.id));
    assert!(call.participants[0].media.video);
    assert_eq!(call.participants[1].status, ParticipantStatus::Invited);
    for device in [&mut one, &mut two] {
        match device.next().await {
            ServerMessage::CallIncoming { call: seen, caller, ice, ring_ms } => {
                assert_eq!(ring_ms, 60_000);
                assert_eq!(seen, call);
                assert_eq!(caller.display_name, "Ana");
                assert_eq!(ice, access.ice);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_tab_that_opens_while_it_rings_rings_as_well() {
    let test = TestApp::with(|config| config.preconnect = false).await;
    let (ana, ben, conversation) = test.friends().await;
    let tab = ana.device().await;
    let call = ana.start(conversation.id, &tab).await;
    let mut late = Device::hello(&ben, None).await;
    match late.next().await {
        ServerMessage::CallIncoming { call: seen, ice, .. } => {
            assert_eq!(seen.id, call.id);
            assert!(!ice.preconnect);
        }
        other => panic!("{other:?}"),
    }
    ben.finish("decline", call.id, &late).await;
    let mut later = Device::hello(&ben, None).await;
    assert!(later.heard().await.is_empty());
}

#[tokio::test]
async fn only_an_accepted_conversation_can_be_called() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let wish = NewConversation::direct(ben.id());
    let pending: Conversation = ana.post("/api/conversations", &wish).await.ok();
    let device = DeviceId(Uuid::now_v7());
    for person in [&ana, &ben] {
        person.try_start(pending.id, device).await.refused(409, ErrorCode::NotAccepted);
    }
    ben.post(&format!("/api/conversations/{}/decline", pending.id), &()).await.ok::<Conversation>();
    ana.try_start(pending.id, device).await.refused(409, ErrorCode::NotAccepted);
}

#[tokio::test]
async fn calls_can_be_switched_off() {
    let test = TestApp::with(|config| config.calls_enabled = false).await;
    let (ana, _, conversation) = test.friends().await;
    let device = DeviceId(Uuid::now_v7());
    ana.try_start(conversation.id, device).await.refused(503, ErrorCode::CallsDisabled);
    let body = AcceptCall { device_id: device, media: OwnMedia::default(), other: None };
    let path = format!("/api/calls/{}/join", Uuid::now_v7());
    ana.post(&path, &body).await.refused(503, ErrorCode::CallsDisabled);
}

#[tokio::test]
async fn the_caller_cannot_start_twice() {
    let test = TestApp::new().await;
    let (ana, _, conversation) = test.friends().await;
    let tab = ana.device().await;
    let call = ana.start(conversation.id, &tab).await;
    let error = ana.try_start(conversation.id, tab.id).await.refused(409, ErrorCode::CallInProgress);
    assert_eq!(error.details.unwrap().call_id, Some(call.id));
    ana.finish("cancel", call.id, &tab).await;
    assert_ne!(ana.start(conversation.id, &tab).await.id, call.id);
}

async fn start_with_key(person: &Person<'_>, wish: &StartCall, key: &str) -> Reply {
    person.post_once("/api/calls/start", wish, key).await
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer() {
    let test = TestApp::new().await;
    let (ana, _, conversation) = test.friends().await;
    let tab = ana.device().await;
    let wish = Person::start_body(conversation.id, tab.id);
    let first: CallAccess = start_with_key(&ana, &wish, "k1").await.created();
    assert_eq!(start_with_key(&ana, &wish, "k1").await.created::<CallAccess>(), first);
    let other = StartCall { device_id: DeviceId(Uuid::now_v7()), ..wish.clone() };
    start_with_key(&ana, &other, "k1").await.refused(409, ErrorCode::Conflict);
    start_with_key(&ana, &wish, "k2").await.refused(409, ErrorCode::CallInProgress);
    start_with_key(&ana, &wish, &"k".repeat(129)).await.refused(422, ErrorCode::InvalidInput);
    test.advance(Duration::from_secs(24 * 60 * 60)).await;
    let next: CallAccess = start_with_key(&ana, &wish, "k1").await.created();
    assert_ne!(next.call.id, first.call.id, "the key is kept for a day");
}

/// Sends one request six times at once, with the same idempotency key.
async fn twins(person: &Person<'_>, wish: &StartCall) -> Vec<CallAccess> {
    let replies = futures_util::future::join_all((0..6).map(|_| start_with_key(person, wish, "k1"))).await;
    replies.into_iter().map(|reply| reply.created()).collect()
}

async fn twins_start_one_call_bug(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, ben, conversation) = test.friends().await;
    let (tab, mut b) = (ana.device().await, ben.device().await);
    let all = twins(&ana, &Person::start_body(conversation.id, tab.id)).await;
    assert!(all.iter().all(|access| *access == all[0]));
    assert_eq!(b.heard().await, ["call.incoming"]);
}

/// Checks that a start answers the call that rings, and that every twin of the request gets the same answer.
async fn twins_that_answer_are_answered_alike_bug(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    let all = twins(&ben, &Person::start_body(conversation.id, b.id)).await;
    assert_eq!((all[0].call.id, all[0].call.status), (call.id, CallStatus::Connecting));
    assert!(all.iter().all(|access| *access == all[0]));
}

#[tokio::test]
async fn a_start_that_cannot_be_remembered_rings_nobody_bug() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (tab, mut b) = (ana.device().await, ben.device().await);
    test.sql_of_each(
        "CREATE TRIGGER no_room BEFORE INSERT ON idempotency_keys BEGIN SELECT RAISE(ABORT, 'no room'); END",
        "ALTER TABLE idempotency_keys ADD CONSTRAINT no_room CHECK (false)",
    )
    .await;
    let wish = Person::start_body(conversation.id, tab.id);
    start_with_key(&ana, &wish, "k1").await.refused(500, ErrorCode::Internal);
    assert!(b.heard().await.is_empty());
    test.sql_of_each("DROP TRIGGER no_room", "ALTER TABLE idempotency_keys DROP CONSTRAINT no_room").await;
    start_with_key(&ana, &wish, "k1").await.created::<CallAccess>();
}
