//! A second call that rings while this device is in one.

use super::*;

const CLEO: u128 = 3;

/// Returns Ben's device in a call with Ana.
fn talking() -> Stand {
    let mut stand = callee();
    stand.tell(Input::User(Intent::Answer { with_video: false })).hear(accepted_by(BENS_DEVICE));
    assert!(stand.in_room());
    stand
}

fn cleos(status: CallStatus, version: u32, ben: Participant) -> Call {
    let call = call(status, version, ben);
    let cleo = Participant { user: person(CLEO), ..seat(CLEO, ParticipantStatus::Connecting, Some(31)) };
    Call {
        id: id(101),
        initiator_id: id(CLEO),
        participants: vec![cleo, call.participants[1].clone()],
        ..call
    }
}

fn cleo_calls() -> ServerMessage {
    let call = cleos(CallStatus::Ringing, 2, seat(BEN, ParticipantStatus::Ringing, None));
    ServerMessage::CallIncoming { call, caller: person(CLEO), ice: ice(), ring_ms: 60_000 }
}

/// Returns Ben's device with Cleo's call waiting.
fn waiting() -> Stand {
    let mut stand = talking();
    stand.hear(cleo_calls());
    assert_eq!(stand.phone.waiting().map(|call| call.call_id), Some(id(101)));
    stand
}

fn answers_waiting() -> Stand {
    let mut stand = waiting();
    stand.out.clear();
    stand.tell(Input::User(Intent::AnswerWaiting { with_video: false }));
    stand
}

/// Lists the requests to the server.
fn said(stand: &Stand) -> Vec<&ApiCommand> {
    let words = stand.out.iter().map(|output| if let Output::Api(said) = output { Some(said) } else { None });
    words.flatten().collect()
}

fn leaves_the_other() -> ApiCommand {
    ApiCommand::Accept {
        call_id: id(101),
        device_id: id(BENS_DEVICE),
        media: OwnMedia::default(),
        other: Some(OtherCall::Leave),
    }
}

#[test]
fn a_second_call_rings_while_the_first_goes_on() {
    let stand = waiting();
    assert!(stand.in_room());
    assert!(stand.says(&Output::Send(ClientMessage::RingAck { call_id: id(101) })));
}

#[test]
fn an_answer_to_the_waiting_call_leaves_the_first_in_one_request() {
    let stand = answers_waiting();
    assert_eq!(said(&stand), [&leaves_the_other()]);
    assert!(stand.says(&Output::Data(id(ANAS_DEVICE), DataMessage::Bye { call_id: id(100) })));
    assert!(stand.says(&Output::Close(id(ANAS_DEVICE))));
    assert!(matches!(stand.phone.screen(), Screen::Room(room) if room.call_id == id(101)));
    assert_eq!(stand.phone.waiting(), None);
}

#[test]
fn an_answer_that_failed_is_sent_again_in_full() {
    let mut stand = answers_waiting();
    stand.tell(Input::Accepted(id(101), Err(ApiError { code: None, call_id: None })));
    stand.out.clear();
    let due = stand.phone.deadline().unwrap();
    stand.phone.handle(due, Input::Tick);
    stand.tell(Input::Tick);
    assert_eq!(said(&stand), [&leaves_the_other()]);
}

/// Without this the first call would go on for the server, with nobody in it.
#[test]
fn an_answer_that_is_refused_leaves_the_first_call_all_the_same() {
    let refusal = || Err(ApiError { code: Some(ErrorCode::CallNotLive), call_id: None });
    let first = call(CallStatus::Connected, 9, seat(BEN, ParticipantStatus::Connected, Some(BENS_DEVICE)));
    let mut refused = answers_waiting();
    let mut given_up = answers_waiting();
    given_up.tell(Input::User(Intent::Leave));
    for stand in [&mut refused, &mut given_up] {
        stand.out.clear();
        stand.tell(Input::Accepted(id(101), refusal()));
        assert!(said(stand).iter().any(|said| matches!(said, ApiCommand::Active { .. })));
        stand.tell(Input::Active { held: None, calls: Ok(vec![first.clone()]) });
        let leave = ApiCommand::Leave { call_id: id(100), device_id: id(BENS_DEVICE) };
        assert!(stand.says(&Output::Api(leave)), "{:?}", stand.out);
    }
    assert_eq!(refused.outcome(), Some(Outcome::Canceled));
}

#[test]
fn a_declined_waiting_call_does_not_come_back() {
    let mut stand = waiting();
    stand.tell(Input::User(Intent::DeclineWaiting));
    let decline = ApiCommand::Decline { call_id: id(101), device_id: id(BENS_DEVICE) };
    assert!(stand.says(&Output::Api(decline)) && stand.in_room());
    stand.hear(cleo_calls());
    assert_eq!(stand.phone.waiting(), None);
}

#[test]
fn a_waiting_call_rings_in_full_when_the_first_is_over() {
    let mut stand = waiting();
    stand.hear(ServerMessage::CallEnded { call: over(CallStatus::Ended) });
    assert!(matches!(stand.phone.screen(), Screen::Incoming(call) if call.call_id == id(101)));
    assert_eq!(stand.phone.waiting(), None);
}

#[test]
fn a_waiting_call_that_ends_disappears() {
    let seat = |status, device| seat(BEN, status, device);
    let canceled = cleos(CallStatus::Canceled, 3, seat(ParticipantStatus::Missed, None));
    let elsewhere = cleos(CallStatus::Connecting, 3, seat(ParticipantStatus::Connecting, Some(BENS_OTHER)));
    for end in [
        ServerMessage::CallCanceled { call: canceled },
        ServerMessage::CallState { call: elsewhere.clone() },
        ServerMessage::CallHandledElsewhere { call: elsewhere, how: HandledHow::Accepted },
    ] {
        let mut stand = waiting();
        stand.hear(end);
        assert_eq!(stand.phone.waiting(), None);
        assert!(stand.in_room());
    }
}

#[test]
fn a_waiting_call_does_not_ring_for_ever() {
    let mut stand = waiting();
    stand.phone.handle(Instant(1_000) + Duration::from_millis(60_000) + RING_SLACK, Input::Tick);
    assert_eq!(stand.phone.waiting(), None);
    assert!(stand.in_room());
}

#[test]
fn a_third_call_does_not_ring() {
    let mut stand = waiting();
    let third =
        Call { id: id(102), ..cleos(CallStatus::Ringing, 2, seat(BEN, ParticipantStatus::Ringing, None)) };
    stand.out.clear();
    stand.hear(ServerMessage::CallIncoming {
        call: third,
        caller: person(CLEO),
        ice: ice(),
        ring_ms: 60_000,
    });
    assert_eq!(stand.phone.waiting().map(|call| call.call_id), Some(id(101)));
    assert!(stand.out.is_empty());
}
