//! `POST /api/calls/{id}/cancel`, `/leave` and `/end`

use crate::support::{Person, TestApp};
use axum::{
    body::Body,
    http::{HeaderName, Method, header},
};
use futures_util::{FutureExt, stream};
use parley_protocol::{
    CallId, DeviceId, ErrorCode,
    call::{Call, CallStatus, EndReason, ParticipantStatus},
    people::Conversation,
    rest::ByDevice,
};
use uuid::Uuid;

#[tokio::test]
async fn canceling_stops_every_tab() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let mut a = ana.device().await;
    let (mut one, mut two) = (ben.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    one.ring(call.id).await;
    let over = ana.finish("cancel", call.id, &a).await;
    assert_eq!((over.status, over.end_reason), (CallStatus::Canceled, Some(EndReason::Canceled)));
    assert_eq!(over.participants[1].status, ParticipantStatus::Missed);
    assert_eq!(a.heard().await, ["call.ringing", "call.canceled"]);
    assert_eq!(one.heard().await, ["call.canceled"]);
    assert_eq!(two.heard().await, ["call.incoming", "call.canceled"]);
    let seen: Conversation = ben.get(&format!("/api/conversations/{}", conversation.id)).await.ok();
    assert_eq!((seen.unread, seen.live_call), (1, None));
}

#[tokio::test]
async fn the_callee_cannot_cancel() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    let body = ByDevice { device_id: b.id };
    let path = format!("/api/calls/{}/cancel", call.id);
    ben.post(&path, &body).await.refused(409, ErrorCode::CallNotLive);
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Initiated);
}

#[tokio::test]
async fn an_ended_call_may_be_ended_again() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    let ended = ben.finish("leave", call.id, &b).await;
    assert_eq!(ended.status, CallStatus::Ended);
    a.drain().await;
    for what in ["end", "leave", "cancel", "decline"] {
        assert_eq!(ana.finish(what, call.id, &a).await, ended);
        assert_eq!(ben.finish(what, call.id, &b).await, ended);
    }
    assert!(a.heard().await.is_empty(), "and nobody hears of it again");
}

/// Leaves as `navigator.sendBeacon` does: with the cookie and the origin, as text or as JSON.
async fn beacon(person: &Person<'_>, call: CallId, device: DeviceId, kind: &str) -> Call {
    let body = serde_json::to_vec(&ByDevice { device_id: device }).unwrap();
    beacon_of(person, call, kind, body.into()).await
}

async fn beacon_of(person: &Person<'_>, call: CallId, kind: &str, body: Body) -> Call {
    let cookie = format!("parley_session={}", person.signed.token);
    let request = axum::http::Request::builder()
        .method(Method::POST)
        .uri(format!("/api/calls/{call}/leave"))
        .header(header::HOST, "parley.test")
        .header(header::ORIGIN, "https://parley.test")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, kind)
        .header(HeaderName::from_static("sec-fetch-site"), "same-origin")
        .body(body)
        .unwrap();
    person.test.send(request).await.ok()
}

#[tokio::test]
async fn a_page_that_closes_leaves_by_beacon() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, b) = (ana.device().await, ben.device().await);
    for kind in ["text/plain;charset=UTF-8", "application/json"] {
        let call = ana.start(conversation.id, &a).await;
        ben.accept(call.id, &b).await;
        a.drain().await;
        let over = beacon(&ben, call.id, b.id, kind).await;
        assert_eq!(over.status, CallStatus::Ended);
        assert_eq!(a.heard().await, ["call.ended"]);
    }
}

#[tokio::test]
async fn a_tab_that_only_rang_cannot_leave_for_another() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let a = ana.device().await;
    let (one, two) = (ben.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    assert_eq!(ben.finish("leave", call.id, &two).await.status, CallStatus::Initiated);
    ben.accept(call.id, &one).await;
    assert_eq!(ben.finish("leave", call.id, &two).await.status, CallStatus::Connecting);
    let stray = beacon(&ana, call.id, DeviceId(Uuid::now_v7()), "text/plain").await;
    assert_eq!(stray.status, CallStatus::Connecting);
}

/// Guards against a request that is cancelled half-way when its connection drops.
#[tokio::test]
async fn a_leave_whose_connection_drops_still_counts_bug() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    a.drain().await;
    let words = serde_json::to_vec(&ByDevice { device_id: b.id }).unwrap();
    // The body arrives late, so that the server has certainly begun with the request when it is dropped.
    let (arrive, arrived) = tokio::sync::oneshot::channel();
    let body = Body::from_stream(stream::once(arrived));
    let leaving = beacon_of(&ben, call.id, "text/plain", body);
    assert!(leaving.now_or_never().is_none(), "dropped while the server works on it");
    arrive.send(words).unwrap();
    assert_eq!(crate::support::tag(&a.next().await), "call.ended");
}
