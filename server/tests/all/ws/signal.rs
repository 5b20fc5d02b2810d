//! `call.signal`: the devices that may signal one another, and the limits of a signal.

use crate::support::{Device, TestApp};
use parley_protocol::{
    CallId, ClientMessage, ErrorCode, ServerMessage,
    limits::{CANDIDATE_MAX_BYTES, CANDIDATES_MAX, SDP_MAX_BYTES},
    signal::{Candidate, Signal, SignalPayload},
};

fn offer(sdp: &str) -> Signal {
    Signal { generation: 1, seq: 1, ack: 0, payload: Some(SignalPayload::Offer { sdp: sdp.to_owned() }) }
}

fn candidates(count: usize, length: usize) -> Signal {
    let one = Candidate { candidate: "c".repeat(length), sdp_mid: None, sdp_m_line_index: Some(0) };
    Signal {
        generation: 1,
        seq: 2,
        ack: 1,
        payload: Some(SignalPayload::Candidates { candidates: vec![one; count] }),
    }
}

async fn say(from: &mut Device, call_id: CallId, to: &Device, signal: Signal) {
    from.send(&ClientMessage::Signal { call_id, to_user: to.user, to_device: to.id, signal }).await;
}

/// Sends a signal and checks that it arrives.
async fn passes(from: &mut Device, call: CallId, to: &mut Device, signal: Signal) {
    say(from, call, to, signal.clone()).await;
    assert!(from.drain().await.is_empty());
    let told =
        ServerMessage::CallSignal { call_id: call, from_user: from.user, from_device: from.id, signal };
    assert_eq!(to.next().await, told);
}

/// Sends a signal and checks that it is refused and does not arrive.
async fn fails(from: &mut Device, call: CallId, to: &mut Device, code: ErrorCode) {
    say(from, call, to, offer("v=0")).await;
    assert_eq!(from.refused().await, code);
    assert!(!to.drain().await.iter().any(|message| matches!(message, ServerMessage::CallSignal { .. })));
}

#[tokio::test]
async fn signals_pass_from_the_ring_to_the_end() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, mut one, mut two) = (ana.device().await, ben.device().await, ben.device().await);
    let mut idle = ana.device().await;
    let call = ana.start(conversation.id, &a).await.id;

    fails(&mut a, call, &mut one, ErrorCode::CallNotLive).await;
    fails(&mut one, call, &mut a, ErrorCode::CallNotLive).await;
    one.ring(call).await;
    two.ring(call).await;
    for device in [&mut a, &mut idle] {
        device.drain().await;
    }
    passes(&mut a, call, &mut one, offer("v=0")).await;
    passes(&mut one, call, &mut a, candidates(1, 10)).await;
    passes(&mut two, call, &mut a, offer("v=0")).await;
    fails(&mut one, call, &mut two, ErrorCode::CallNotLive).await;
    fails(&mut idle, call, &mut one, ErrorCode::CallNotLive).await;
    fails(&mut one, call, &mut idle, ErrorCode::CallNotLive).await;

    ben.accept(call, &one).await;
    for device in [&mut a, &mut one, &mut two] {
        device.drain().await;
    }
    passes(&mut a, call, &mut one, candidates(CANDIDATES_MAX, CANDIDATE_MAX_BYTES)).await;
    passes(&mut one, call, &mut a, offer(&"v".repeat(SDP_MAX_BYTES))).await;
    fails(&mut two, call, &mut a, ErrorCode::CallNotLive).await;
    fails(&mut a, call, &mut two, ErrorCode::CallNotLive).await;

    ana.finish("end", call, &a).await;
    for device in [&mut a, &mut one] {
        device.drain().await;
    }
    fails(&mut a, call, &mut one, ErrorCode::CallNotLive).await;
}

#[tokio::test]
async fn a_stranger_cannot_signal() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let cleo = test.guest("Cleo").await;
    let (mut a, mut b, mut c) = (ana.device().await, ben.device().await, cleo.device().await);
    let call = ana.start(conversation.id, &a).await.id;
    b.ring(call).await;
    ben.accept(call, &b).await;
    fails(&mut c, call, &mut b, ErrorCode::NotFound).await;
    a.drain().await;
    fails(&mut a, call, &mut c, ErrorCode::NotFound).await;
    fails(&mut c, CallId(uuid::Uuid::now_v7()), &mut b, ErrorCode::NotFound).await;
}

#[tokio::test]
async fn a_signal_has_limits() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await.id;
    b.ring(call).await;
    a.drain().await;
    for signal in [
        offer(&"v".repeat(SDP_MAX_BYTES + 1)),
        candidates(CANDIDATES_MAX + 1, 1),
        candidates(1, CANDIDATE_MAX_BYTES + 1),
    ] {
        say(&mut a, call, &b, signal).await;
        assert_eq!(a.refused().await, ErrorCode::TooLarge);
    }
    assert!(b.drain().await.is_empty());
}

#[tokio::test]
async fn a_signal_for_a_device_that_is_away_is_dropped() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await.id;
    b.ring(call).await;
    ben.accept(call, &b).await;
    let away = b.id;
    b.vanish();
    // The device is certainly away once the call has reported it.
    a.until(|message| (crate::support::tag(message) == "call.state").then_some(())).await;
    let signal = offer("v=0");
    a.send(&ClientMessage::Signal { call_id: call, to_user: ben.id(), to_device: away, signal }).await;
    assert!(a.drain().await.is_empty());
    let mut b = Device::hello(&ben, Some(away)).await;
    assert_eq!(b.heard().await, ["call.state"]);
    assert_eq!(a.heard().await, ["call.state"]);
    passes(&mut a, call, &mut b, candidates(1, 1)).await;
}
