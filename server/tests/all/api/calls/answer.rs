//! `POST /api/calls/{id}/accept` and `/decline`

use crate::support::TestApp;
use parley_protocol::{
    ErrorCode, ServerMessage,
    call::{Call, CallStatus, EndReason, MediaState, OwnMedia, ParticipantStatus},
    people::{Message, MessageContent},
    rest::{CallAccess, Messages},
    ws::{ClientMessage, HandledHow},
};
use std::time::Duration;

#[tokio::test]
async fn a_call_runs_from_the_ring_to_its_line_in_the_conversation() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    assert_eq!(b.incoming().await, call);

    b.ring(call.id).await;
    match a.next().await {
        ServerMessage::CallRinging { call: seen, user_id, device_id } => {
            assert_eq!((user_id, device_id), (ben.id(), b.id));
            assert_eq!(seen.status, CallStatus::Ringing);
        }
        other => panic!("{other:?}"),
    }

    let accepted = ben.accept(call.id, &b).await;
    assert_eq!(accepted.status, CallStatus::Connecting);
    assert_eq!(accepted.accepted_at, Some(test.now()));
    let told = ServerMessage::CallAccepted { call: accepted, user_id: ben.id(), device_id: b.id };
    assert_eq!(a.next().await, told);
    assert_eq!(b.next().await, told);

    a.media(call.id, MediaState::Connected).await;
    b.media(call.id, MediaState::Connected).await;
    let connected = ben.details(call.id).await.call;
    assert_eq!((connected.status, connected.connected_at), (CallStatus::Connected, Some(test.now())));

    let media = OwnMedia { muted: true, video: false, ..OwnMedia::default() };
    b.send(&ClientMessage::ParticipantUpdate { call_id: call.id, media }).await;
    let updated = a.until(|message| match message {
        ServerMessage::ParticipantUpdated { participant, .. } => Some(participant.clone()),
        _ => None,
    });
    assert_eq!(updated.await.media, media);

    test.clock.advance(Duration::from_secs(764));
    b.drain().await;
    let ended = ana.finish("end", call.id, &a).await;
    assert_eq!((ended.status, ended.end_reason), (CallStatus::Ended, Some(EndReason::Completed)));
    assert_eq!(ended.duration_seconds, Some(764));
    assert_eq!(b.next().await, ServerMessage::CallEnded { call: ended.clone() });
    let line = match b.next().await {
        ServerMessage::MessageCreated { message } => message,
        other => panic!("{other:?}"),
    };
    check_line(&line, &ended);
    let page: Messages = ben.get(&format!("/api/conversations/{}/messages", conversation.id)).await.ok();
    assert_eq!(page.items, [line]);

    let log: Vec<String> = ana.details(call.id).await.events.into_iter().map(|line| line.event).collect();
    let expected =
        ["started", "ringing", "accepted", "media_connected", "media_connected", "updated", "left", "over"];
    assert_eq!(log, expected);
}

fn check_line(line: &Message, call: &Call) {
    assert_eq!(line.sender_id, call.initiator_id);
    let content = MessageContent::Call {
        call_id: call.id,
        call_type: call.call_type,
        status: call.status,
        duration_seconds: call.duration_seconds,
    };
    assert_eq!(line.content, content);
}

#[tokio::test]
async fn the_first_tab_to_answer_wins() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let mut a = ana.device().await;
    let (mut one, mut two) = (ben.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    one.ring(call.id).await;
    two.ring(call.id).await;
    assert_eq!(a.heard().await, ["call.ringing", "call.ringing"]);
    let accepted = ben.accept(call.id, &one).await;
    let elsewhere = ServerMessage::CallHandledElsewhere { call: accepted.clone(), how: HandledHow::Accepted };
    assert_eq!(two.next().await, elsewhere);
    assert_eq!(one.heard().await, ["call.accepted"]);
    let error = ben.try_accept(call.id, two.id).await.refused(409, ErrorCode::AnsweredElsewhere);
    assert_eq!(error.details.unwrap().call_id, Some(call.id));
    assert_eq!(ben.accept(call.id, &one).await, accepted, "the winner may say it twice");
    assert_eq!(a.heard().await, ["call.accepted"]);
}

#[tokio::test]
async fn eight_tabs_at_once_have_one_winner() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let mut a = ana.device().await;
    let mut tabs = Vec::new();
    for _ in 0..8 {
        tabs.push(ben.device().await);
    }
    let call = ana.start(conversation.id, &a).await;
    let answers =
        futures_util::future::join_all(tabs.iter().map(|tab| ben.try_accept(call.id, tab.id))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for lost in answers.iter().filter(|answer| answer.status != 200) {
        lost.refused(409, ErrorCode::AnsweredElsewhere);
    }
    assert_eq!(a.heard().await, ["call.accepted"]);
}

#[tokio::test]
async fn declining_stops_every_tab() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let mut a = ana.device().await;
    let (mut one, mut two) = (ben.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    one.ring(call.id).await;
    let declined = ben.finish("decline", call.id, &one).await;
    assert_eq!((declined.status, declined.end_reason), (CallStatus::Declined, Some(EndReason::Declined)));
    assert_eq!(declined.participants[1].status, ParticipantStatus::Declined);
    assert_eq!(a.heard().await, ["call.ringing", "call.declined"]);
    assert_eq!(two.heard().await, ["call.incoming", "call.handled_elsewhere"]);
    assert!(one.heard().await.is_empty());
    ben.try_accept(call.id, one.id).await.refused(409, ErrorCode::CallNotLive);
    assert_eq!(ben.finish("decline", call.id, &two).await, declined);
}

#[tokio::test]
async fn only_the_callee_answers() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ana.try_accept(call.id, a.id).await.refused(409, ErrorCode::AnsweredElsewhere);
    ana.try_accept(call.id, b.id).await.refused(409, ErrorCode::AnsweredElsewhere);
    assert_eq!(ben.details(call.id).await.call.status, CallStatus::Initiated);
}

#[tokio::test]
async fn a_callee_in_another_call_cannot_answer() {
    let test = TestApp::new().await;
    let (ana, ben, with_ben) = test.friends().await;
    let cleo = test.guest("Cleo").await;
    let with_cleo = test.befriend(&ben, &cleo).await;
    let (a, b, c) = (ana.device().await, ben.device().await, cleo.device().await);
    let ringing = ana.start(with_ben.id, &a).await;
    let other: CallAccess = ben.try_start(with_cleo.id, b.id).await.created();
    let error = ben.try_accept(ringing.id, b.id).await.refused(409, ErrorCode::AlreadyInCall);
    assert_eq!(error.details.unwrap().call_id, Some(other.call.id));
    cleo.finish("decline", other.call.id, &c).await;
    ben.accept(ringing.id, &b).await;
}

#[tokio::test]
async fn an_answer_from_a_device_without_a_socket_fails() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let a = ana.device().await;
    let call = ana.start(conversation.id, &a).await;
    let nowhere = parley_protocol::DeviceId(uuid::Uuid::now_v7());
    ben.try_accept(call.id, nowhere).await.ok::<CallAccess>();
    test.advance(Duration::from_secs(30)).await;
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Failed);
}
