//! Calls to and from people who are in another call.

use crate::support::{Device, Person, Reply, TestApp};
use axum::http::Method;
use parley_protocol::{
    ErrorCode, ServerMessage,
    call::{CallStatus, EndReason, OwnMedia, ParticipantStatus},
    people::Conversation,
    rest::{AcceptCall, CallAccess, OtherCall},
};

#[tokio::test]
async fn a_callee_in_a_call_is_not_rung() {
    let test = TestApp::new().await;
    let (ana, ben, with_ben) = test.friends().await;
    let cleo = test.guest("Cleo").await;
    let with_cleo = test.befriend(&cleo, &ben).await;
    let (a, mut b, mut c) = (ana.device().await, ben.device().await, cleo.device().await);
    let first = ana.start(with_ben.id, &a).await;
    ben.accept(first.id, &b).await;
    b.drain().await;

    let second = cleo.start(with_cleo.id, &c).await;
    assert_eq!((second.status, second.end_reason), (CallStatus::Busy, Some(EndReason::Busy)));
    assert_eq!(second.participants[1].status, ParticipantStatus::Busy);
    assert_eq!(c.heard().await, ["call.busy"]);
    let heard = b.drain().await;
    assert!(heard.contains(&ServerMessage::CallBusy { call: second.clone() }), "a quiet banner");
    assert!(!heard.iter().any(|message| matches!(message, ServerMessage::CallIncoming { .. })));
    let seen: Conversation = ben.get(&format!("/api/conversations/{}", with_cleo.id)).await.ok();
    assert_eq!(seen.unread, 1, "a missed call is news");
    assert_eq!(ben.details(first.id).await.call.status, CallStatus::Connecting);
}

#[tokio::test]
async fn a_callee_who_is_being_rung_is_busy() {
    let test = TestApp::new().await;
    let (ana, ben, with_ben) = test.friends().await;
    let cleo = test.guest("Cleo").await;
    let with_cleo = test.befriend(&cleo, &ben).await;
    let (a, c) = (ana.device().await, cleo.device().await);
    let first = ana.start(with_ben.id, &a).await;
    assert_eq!(cleo.start(with_cleo.id, &c).await.status, CallStatus::Busy);
    ana.finish("cancel", first.id, &a).await;
    assert_eq!(cleo.start(with_cleo.id, &c).await.status, CallStatus::Initiated);
}

#[tokio::test]
async fn a_caller_in_a_call_starts_no_other() {
    let test = TestApp::new().await;
    let (ana, ben, with_ben) = test.friends().await;
    let cleo = test.guest("Cleo").await;
    let with_cleo = test.befriend(&cleo, &ana).await;
    let a = ana.device().await;
    let _b = ben.device().await;
    let first = ana.start(with_ben.id, &a).await;
    let error = ana.try_start(with_cleo.id, a.id).await.refused(409, ErrorCode::AlreadyInCall);
    assert_eq!(error.details.unwrap().call_id, Some(first.id));
}

async fn accept_with(
    person: &Person<'_>,
    call: parley_protocol::CallId,
    tab: &Device,
    other: OtherCall,
) -> Reply {
    let body = AcceptCall { device_id: tab.id, media: OwnMedia::default(), other: Some(other) };
    person.post(&format!("/api/calls/{call}/accept"), &body).await
}

async fn allow_waiting(person: &Person<'_>) {
    let body = br#"{"call_waiting":true}"#.to_vec();
    let reply = person.send(Method::PATCH, "/api/me", Some(body), &[]).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
}

#[tokio::test]
async fn a_callee_with_call_waiting_is_rung_and_holds_or_leaves_the_first_call() {
    let test = TestApp::new().await;
    let (ana, ben, with_ben) = test.friends().await;
    let (cleo, dan) = (test.guest("Cleo").await, test.guest("Dan").await);
    let (with_cleo, with_dan) = (test.befriend(&cleo, &ben).await, test.befriend(&dan, &ben).await);
    let (a, mut b, c, d) = (ana.device().await, ben.device().await, cleo.device().await, dan.device().await);
    let first = ana.start(with_ben.id, &a).await;
    ben.accept(first.id, &b).await;
    accept_with(&ben, first.id, &b, OtherCall::Hold).await.ok::<CallAccess>();
    allow_waiting(&ben).await;
    b.drain().await;
    let second = cleo.start(with_cleo.id, &c).await;
    assert_eq!(second.status, CallStatus::Initiated);
    assert_eq!(b.incoming().await.id, second.id);
    assert_eq!(dan.start(with_dan.id, &d).await.status, CallStatus::Busy, "one waits at a time");
    ben.try_accept(second.id, b.id).await.refused(409, ErrorCode::AlreadyInCall);
    accept_with(&ben, second.id, &b, OtherCall::Hold).await.ok::<CallAccess>();
    assert!(ben.details(first.id).await.call.status.is_live(), "it is held");
    cleo.finish("leave", second.id, &c).await;

    let third = cleo.start(with_cleo.id, &c).await;
    accept_with(&ben, third.id, &b, OtherCall::Leave).await.ok::<CallAccess>();
    assert_eq!(ana.details(first.id).await.call.status, CallStatus::Ended);
    assert_eq!(ben.details(third.id).await.call.status, CallStatus::Connecting);
}

#[tokio::test]
async fn a_callee_without_call_waiting_cannot_hold() {
    let test = TestApp::new().await;
    let (ana, ben, with_ben) = test.friends().await;
    let cleo = test.guest("Cleo").await;
    let with_cleo = test.befriend(&cleo, &ben).await;
    let (a, b, c) = (ana.device().await, ben.device().await, cleo.device().await);
    // Call waiting is on while the second call begins to ring, and off when he answers it.
    allow_waiting(&ben).await;
    let first = ana.start(with_ben.id, &a).await;
    ben.accept(first.id, &b).await;
    let second = cleo.start(with_cleo.id, &c).await;
    let off = br#"{"call_waiting":false}"#.to_vec();
    ben.send(Method::PATCH, "/api/me", Some(off), &[]).await;
    accept_with(&ben, second.id, &b, OtherCall::Hold).await.refused(409, ErrorCode::AlreadyInCall);
}

#[tokio::test]
async fn a_do_not_disturb_callee_finds_the_call_in_the_history_bug() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let body = br#"{"do_not_disturb":true}"#.to_vec();
    let reply = ben.send(Method::PATCH, "/api/me", Some(body), &[]).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    a.drain().await;
    b.drain().await;
    ana.start(conversation.id, &a).await;
    let mut late = ben.device().await;
    for tab in [&mut b, &mut late] {
        let heard = tab.heard().await;
        assert!(!heard.iter().any(|kind| kind == "call.incoming"), "{heard:?}");
    }
    test.advance(std::time::Duration::from_secs(60)).await;
    let missed: parley_protocol::rest::Calls = ben.get("/api/calls/history").await.ok();
    assert_eq!(missed.items.len(), 1);
}

#[tokio::test]
async fn a_blocked_caller_gets_no_answer_and_never_rings() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    ben.send(Method::PUT, &format!("/api/users/{}/block", ana.id()), None, &[]).await.is_empty();
    b.drain().await;
    let call = ana.start(conversation.id, &a).await;
    a.drain().await;
    assert_eq!(call.status, CallStatus::Initiated);
    test.advance(std::time::Duration::from_secs(60)).await;
    assert_eq!(a.heard().await, ["call.timed_out"]);
    let over = ana.details(call.id).await.call;
    assert_eq!((over.status, over.end_reason), (CallStatus::Missed, Some(EndReason::NoAnswer)));
    assert!(b.drain().await.is_empty(), "the blocker's side hears nothing");
    let none: parley_protocol::rest::Calls = ben.get("/api/calls/history").await.ok();
    assert!(none.items.is_empty());
    ben.get(&format!("/api/calls/{}", call.id)).await.refused(404, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_blocker_cannot_call_the_blocked_person() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, mut b) = (ana.device().await, ben.device().await);
    ana.send(Method::PUT, &format!("/api/users/{}/block", ben.id()), None, &[]).await.is_empty();
    b.drain().await;
    ana.try_start(conversation.id, a.id).await.refused(409, ErrorCode::Conflict);
    assert!(b.drain().await.is_empty(), "the blocker's side hears nothing");
    ana.send(Method::DELETE, &format!("/api/users/{}/block", ben.id()), None, &[]).await.is_empty();
    assert_eq!(ana.start(conversation.id, &a).await.status, CallStatus::Initiated);
}
