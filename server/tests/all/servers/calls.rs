//! Calls between people at different servers.

use super::{at, two};
use crate::support::{Device, eventually};
use parley_protocol::{
    ClientMessage, ErrorCode, ServerMessage,
    call::{CallStatus, MediaState},
    signal::{Signal, SignalPayload},
    ws::HandledHow,
};
use std::time::Duration;

fn signal(to: &Device, call_id: parley_protocol::CallId, sdp: &str) -> ClientMessage {
    let payload = Some(SignalPayload::Offer { sdp: sdp.to_owned() });
    ClientMessage::Signal {
        call_id,
        to_user: to.user,
        to_device: to.id,
        signal: Signal { generation: 1, seq: 1, ack: 0, payload },
    }
}

async fn sdp(device: &mut Device) -> String {
    device
        .until(|message| match message {
            ServerMessage::CallSignal { signal, .. } => match &signal.payload {
                Some(SignalPayload::Offer { sdp }) => Some(sdp.clone()),
                _ => None,
            },
            _ => None,
        })
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_reaches_tabs_at_both_servers() {
    let Some((here, there)) = two(|_| {}).await else { return };
    let (ana, ben, conversation) = here.friends().await;
    let ben_there = at(&there, &ben);
    let (mut a, mut near, mut far) = (ana.device().await, ben.device().await, ben_there.device().await);
    let call = ana.start(conversation.id, &a).await;
    for tab in [&mut near, &mut far] {
        assert_eq!(tab.incoming().await.id, call.id);
        tab.send(&ClientMessage::RingAck { call_id: call.id }).await;
    }
    for _ in 0..2 {
        a.until(|message| matches!(message, ServerMessage::CallRinging { .. }).then_some(())).await;
    }
    // Signals pass from one server to the other and back while the call rings.
    a.send(&signal(&far, call.id, "there")).await;
    assert_eq!(sdp(&mut far).await, "there");
    far.send(&signal(&a, call.id, "and back")).await;
    assert_eq!(sdp(&mut a).await, "and back");
    ben_there.accept(call.id, &far).await;
    let winner = a.until(|message| match message {
        ServerMessage::CallAccepted { device_id, .. } => Some(*device_id),
        _ => None,
    });
    assert_eq!(winner.await, far.id);
    let how = near.until(|message| match message {
        ServerMessage::CallHandledElsewhere { how, .. } => Some(*how),
        _ => None,
    });
    assert_eq!(how.await, HandledHow::Accepted);
    a.media(call.id, MediaState::Connected).await;
    far.media(call.id, MediaState::Connected).await;
    eventually(async || ana.details(call.id).await.call.status == CallStatus::Connected).await;
    ana.finish("end", call.id, &a).await;
    far.until(|message| matches!(message, ServerMessage::CallEnded { .. }).then_some(())).await;
    // The server of the far tab must not trust its cached call any more.
    far.send(&signal(&a, call.id, "late")).await;
    let refused = far.until(|message| match message {
        ServerMessage::Error { code, .. } => Some(*code),
        _ => None,
    });
    assert_eq!(refused.await, ErrorCode::CallNotLive);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_tabs_at_two_servers_answers() {
    let Some((here, there)) = two(|config| {
        config.limits.set(parley_server::cluster::limits::Limited::CallStarts, "1000/60").unwrap();
    })
    .await
    else {
        return;
    };
    let (ana, ben, conversation) = here.friends().await;
    let ben_there = at(&there, &ben);
    let (a, near, far) = (ana.device().await, ben.device().await, ben_there.device().await);
    for _ in 0..20 {
        let call = ana.start(conversation.id, &a).await;
        let (one, other) =
            tokio::join!(ben.try_accept(call.id, near.id), ben_there.try_accept(call.id, far.id));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", one.text(), other.text());
        let lost = if one.status == 409 { one } else { other };
        lost.refused(409, ErrorCode::AnsweredElsewhere);
        let log = ana.details(call.id).await.events;
        assert_eq!(log.iter().filter(|line| line.event == "accepted").count(), 1);
        ana.finish("end", call.id, &a).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_call_each_other_from_two_servers_are_in_one_call() {
    let Some((here, there)) = two(|_| {}).await else { return };
    let (ana, ben, conversation) = here.friends().await;
    let ben = at(&there, &ben);
    let (a, b) = (ana.device().await, ben.device().await);
    for _ in 0..5 {
        let (one, other) =
            tokio::join!(ana.try_start(conversation.id, a.id), ben.try_start(conversation.id, b.id));
        let one = one.created::<parley_protocol::rest::CallAccess>().call.id;
        let other = other.created::<parley_protocol::rest::CallAccess>().call.id;
        assert_eq!(one, other);
        ana.finish("end", one, &a).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tab_that_moves_to_the_other_server_stays_in_its_call() {
    let Some((here, there)) = two(|_| {}).await else { return };
    let (ana, ben, conversation) = here.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    let (mut moved, resumed) = Device::resume(&at(&there, &ben), b.id, b.heard).await;
    assert!(!resumed, "its state is to be loaded there");
    assert_eq!(moved.id, b.id);
    assert_eq!(b.closed().await, Some(4_001));
    a.media(call.id, MediaState::Connected).await;
    moved.media(call.id, MediaState::Connected).await;
    eventually(async || ana.details(call.id).await.call.status == CallStatus::Connected).await;
    here.clock.advance(Duration::from_secs(60));
    a.drain().await;
    moved.drain().await;
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Connected);
}
