//! People who talk to somebody else.

use crate::support::TestApp;
use parley_protocol::{
    ErrorCode, ServerMessage,
    call::{CallStatus, EndReason, ParticipantStatus},
    people::Conversation,
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
