//! Wrong frames: each gets an error, changes nothing, and affects nobody else.

use crate::support::{Device, TestApp};
use parley_protocol::{
    ClientMessage, ErrorCode,
    call::{CallStatus, MediaState, OwnMedia},
    limits,
};
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn every_wrong_frame_is_named_and_the_socket_stays() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let mut tab = ana.device().await;
    for (frame, code) in [
        ("", ErrorCode::InvalidJson),
        ("{\"type\":", ErrorCode::InvalidJson),
        ("ping", ErrorCode::InvalidJson),
        ("[]", ErrorCode::UnknownMessage),
        ("null", ErrorCode::UnknownMessage),
        (r#"{"type":"call.accept"}"#, ErrorCode::UnknownMessage),
        (r#"{"type":"welcome"}"#, ErrorCode::UnknownMessage),
        (r#"{"type":"call.ring_ack"}"#, ErrorCode::InvalidInput),
        (r#"{"type":"call.ring_ack","call_id":7}"#, ErrorCode::InvalidInput),
        (r#"{"call_id":"018f4b6e-0000-7000-8000-000000000000","type":"call.ring_ack"}"#, ErrorCode::NotFound),
        (r#"{"type":"call.ring_ack","call_id":"018f4b6e-0000-7000-8000-000000000000"}"#, ErrorCode::NotFound),
    ] {
        tab.send_text(frame).await;
        assert_eq!(tab.refused().await, code, "{frame}");
    }
    tab.send_raw(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(tab.refused().await, ErrorCode::InvalidJson);
    tab.send_text("[".repeat(limits::FRAME_MAX_BYTES)).await;
    assert!(matches!(tab.refused().await, ErrorCode::InvalidJson | ErrorCode::UnknownMessage));
    assert!(tab.drain().await.is_empty());
}

#[tokio::test]
async fn the_kind_of_a_payload_comes_first() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let mut tab = ana.device().await;
    let id = "018f4b6e-0000-7000-8000-000000000000";
    for (payload, code) in [
        (r#"{"kind":"offer","sdp":"v=0"}"#, ErrorCode::NotFound),
        (r#"{"sdp":"v=0","kind":"offer"}"#, ErrorCode::InvalidInput),
    ] {
        let frame = format!(
            r#"{{"type":"call.signal","call_id":"{id}","to_user":"{id}","to_device":"{id}",
                "signal":{{"seq":1,"ack":0,"payload":{payload}}}}}"#
        );
        tab.send_text(frame).await;
        assert_eq!(tab.refused().await, code, "{payload}");
    }
}

#[tokio::test]
async fn frames_end_at_64_kib() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let (mut tab, mut other) = (ana.device().await, ana.device().await);
    let ping = r#"{"type":"ping"}"#;
    let padded = |length: usize| format!("{ping}{}", " ".repeat(length - ping.len()));
    tab.send_text(padded(limits::FRAME_MAX_BYTES)).await;
    assert_eq!(crate::support::tag(&tab.next().await), "pong");
    tab.send_text(padded(limits::FRAME_MAX_BYTES + 1)).await;
    assert_eq!(tab.refused().await, ErrorCode::TooLarge);
    assert!(tab.drain().await.is_empty(), "and the socket stays");
    // A frame far beyond the limit is not even read, and the close code may be lost on the way.
    _ = tab.send_raw(Message::text(padded(1024 * 1024))).await;
    assert!(matches!(tab.closed().await, Some(1_009) | None));
    assert!(other.drain().await.is_empty(), "the other tab goes on");
}

#[tokio::test]
async fn an_impossible_frame_changes_nothing() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let stranger = test.guest("Cleo").await;
    let (mut a, mut b, mut c) = (ana.device().await, ben.device().await, stranger.device().await);
    let call = ana.start(conversation.id, &a).await;
    b.drain().await;
    let media = OwnMedia { muted: true, video: true, ..OwnMedia::default() };
    let state = ClientMessage::MediaState { call_id: call.id, state: MediaState::Connected };
    let update = ClientMessage::ParticipantUpdate { call_id: call.id, media };
    let ack = ClientMessage::RingAck { call_id: call.id };
    for message in [&state, &update, &ack] {
        c.send(message).await;
        assert_eq!(c.refused().await, ErrorCode::NotFound, "to a stranger the call does not exist");
    }
    for message in [&state, &update] {
        b.send(message).await;
        assert_eq!(b.refused().await, ErrorCode::CallNotLive, "the callee has not answered");
    }
    a.send(&ack).await;
    assert_eq!(a.refused().await, ErrorCode::AnsweredElsewhere, "the caller does not ring");
    let now = ana.details(call.id).await;
    assert_eq!((now.call, now.events.len()), (call.clone(), 1));

    ana.finish("cancel", call.id, &a).await;
    b.drain().await;
    for message in [&state, &update, &ack] {
        b.send(message).await;
        assert_eq!(b.refused().await, ErrorCode::CallNotLive);
    }
    assert_eq!(ben.details(call.id).await.call.status, CallStatus::Canceled);
}

#[tokio::test]
async fn a_broken_frame_closes_only_its_own_socket() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let (mut tab, mut other): (Device, Device) = (ana.device().await, ana.device().await);
    // Text that is not UTF-8 violates the WebSocket protocol itself.
    let broken = Message::Frame(tokio_tungstenite::tungstenite::protocol::frame::Frame::message(
        vec![0xff, 0xfe],
        tokio_tungstenite::tungstenite::protocol::frame::coding::OpCode::Data(
            tokio_tungstenite::tungstenite::protocol::frame::coding::Data::Text,
        ),
        true,
    ));
    tab.send_raw(broken).await.unwrap();
    tab.closed().await;
    assert!(other.drain().await.is_empty());
}
