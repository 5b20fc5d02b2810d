//! The deadlines of calls: one millisecond before the limit, at the limit, and after it.

use crate::support::TestApp;
use parley_protocol::{
    ErrorCode,
    call::{CallStatus, EndReason, MediaState, ParticipantStatus},
};
use std::time::Duration;

const MS: Duration = Duration::from_millis(1);
const RING: Duration = Duration::from_secs(60);
const GRACE: Duration = Duration::from_secs(30);
const CALLER_GONE: Duration = Duration::from_secs(15);

#[tokio::test]
async fn an_unanswered_call_is_missed_after_the_ring_time() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    b.ring(call.id).await;
    a.drain().await;
    test.advance(RING - MS).await;
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Ringing);
    assert!(a.heard().await.is_empty() && b.heard().await.is_empty());
    test.advance(MS).await;
    assert_eq!(a.heard().await, ["call.timed_out"]);
    assert_eq!(b.heard().await, ["call.timed_out"]);
    let missed = ben.details(call.id).await.call;
    assert_eq!((missed.status, missed.end_reason), (CallStatus::Missed, Some(EndReason::NoAnswer)));
    assert_eq!(missed.participants[1].status, ParticipantStatus::Missed);
    ben.try_accept(call.id, b.id).await.refused(409, ErrorCode::CallNotLive);
}

#[tokio::test]
async fn an_answer_in_the_last_millisecond_counts() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    test.advance(RING - MS).await;
    ben.accept(call.id, &b).await;
    test.advance(MS * 2).await;
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Connecting);
}

#[tokio::test]
async fn a_deadline_fires_without_a_request() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    assert_eq!(b.incoming().await.id, call.id);
    // No request triggers this: the server's own timer decides, and the message proves it.
    test.clock.advance(RING);
    assert_eq!(crate::support::tag(&b.next().await), "call.timed_out");
}

#[tokio::test]
async fn media_that_never_comes_fails_the_call() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    a.media(call.id, MediaState::Connected).await;
    test.advance(GRACE - MS).await;
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Connecting);
    test.advance(MS).await;
    let failed = ana.details(call.id).await.call;
    assert_eq!((failed.status, failed.end_reason), (CallStatus::Failed, Some(EndReason::Failed)));
    assert_eq!(a.heard().await, ["call.failed"]);
}

#[tokio::test]
async fn media_that_was_lost_may_return() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    a.media(call.id, MediaState::Connected).await;
    b.media(call.id, MediaState::Connected).await;
    b.media(call.id, MediaState::Lost).await;
    a.drain().await;
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Reconnecting);
    test.advance(GRACE - MS).await;
    b.media(call.id, MediaState::Connected).await;
    assert_eq!(a.heard().await, ["call.state"]);
    test.advance(GRACE).await;
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Connected);
    b.media(call.id, MediaState::Lost).await;
    test.advance(GRACE).await;
    let failed = ana.details(call.id).await.call;
    assert_eq!((failed.status, failed.end_reason), (CallStatus::Failed, Some(EndReason::NetworkError)));
}

#[tokio::test]
async fn a_socket_that_was_lost_may_return() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    a.drain().await;
    let device = b.id;
    b.vanish();
    assert_eq!(crate::support::tag(&a.next().await), "call.state");
    test.advance(GRACE - MS).await;
    let mut b = crate::support::Device::hello(&ben, Some(device)).await;
    assert_eq!(b.id, device);
    assert_eq!(b.heard().await, ["call.state"], "it is back");
    // The call ends by the deadline for connecting, not by the one for the socket.
    test.advance(MS).await;
    assert_eq!(ana.details(call.id).await.call.end_reason, Some(EndReason::Failed));
}

#[tokio::test]
async fn a_callers_tab_that_vanishes_stops_the_ringing() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    b.incoming().await;
    a.vanish();
    assert_eq!(crate::support::tag(&b.next().await), "call.state");
    test.advance(CALLER_GONE - MS).await;
    assert!(b.heard().await.is_empty());
    test.advance(MS).await;
    assert_eq!(b.heard().await, ["call.canceled"]);
    assert_eq!(ben.details(call.id).await.call.end_reason, Some(EndReason::Canceled));
}

/// Guards against an unreadable call at the head of the queue that holds up all others.
#[tokio::test]
async fn an_unreadable_call_holds_up_no_other_bug() {
    let test = TestApp::new().await;
    let (ana, _, hers) = test.friends().await;
    let (cleo, _, theirs) = test.friends().await;
    let (a, c) = (ana.device().await, cleo.device().await);
    let broken = ana.start(hers.id, &a).await;
    test.clock.advance(MS);
    let call = cleo.start(theirs.id, &c).await;
    let id = test.id_in_sql(broken.id.0);
    test.sql(&format!("UPDATE calls SET call_type = 'smell' WHERE id = {id}")).await;
    test.advance(RING).await;
    assert_eq!(cleo.details(call.id).await.call.status, CallStatus::Missed);
    // The unreadable call has been postponed, so that nothing is due meanwhile.
    assert!(test.app.store.calls_due(test.now(), 9).await.unwrap().is_empty());
    test.sql(&format!("UPDATE calls SET call_type = 'video' WHERE id = {id}")).await;
    test.advance(RING).await;
    assert_eq!(ana.details(broken.id).await.call.status, CallStatus::Missed);
}

/// Checks the limit that the caller's plan sets.
#[tokio::test]
async fn the_longest_duration_is_announced_and_then_enforced() {
    let test = TestApp::with(|config| config.call_minutes.free = 10).await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    a.media(call.id, MediaState::Connected).await;
    b.media(call.id, MediaState::Connected).await;
    a.drain().await;
    let connected = test.now();
    test.advance(Duration::from_secs(300) - MS).await;
    assert!(a.heard().await.is_empty());
    assert_eq!(ana.details(call.id).await.call.ends_at, None);
    test.advance(MS).await;
    assert_eq!(a.heard().await, ["call.state"]);
    assert_eq!(ana.details(call.id).await.call.ends_at, Some(connected + Duration::from_secs(600)));
    test.advance(Duration::from_secs(300) - MS).await;
    assert!(a.heard().await.is_empty());
    test.advance(MS).await;
    assert_eq!(a.heard().await, ["call.ended"]);
    let over = ana.details(call.id).await.call;
    assert_eq!((over.end_reason, over.duration_seconds), (Some(EndReason::MaxDuration), Some(600)));
}
