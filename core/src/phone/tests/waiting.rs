//! Somebody else calls while this device is in a call.

use super::*;

const CLEO: u128 = 3;

/// Ben talks with Ana.
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

/// Cleo's call rings beside Ana's.
fn waiting() -> Stand {
    let mut stand = talking();
    stand.hear(cleo_calls());
    assert_eq!(stand.phone.waiting().map(|call| call.call_id), Some(id(101)));
    stand
}

fn place(stand: &Stand, wanted: impl Fn(&ApiCommand) -> bool) -> Option<usize> {
    stand.out.iter().position(|output| matches!(output, Output::Api(command) if wanted(command)))
}

fn accepts(stand: &Stand) -> usize {
    let accept = |output: &&Output| matches!(output, Output::Api(ApiCommand::Accept { call_id, .. }) if *call_id == id(101));
    stand.out.iter().filter(accept).count()
}

#[test]
fn it_rings_beside_the_call_that_goes_on() {
    let stand = waiting();
    assert!(stand.in_room());
    assert!(stand.says(&Output::Send(ClientMessage::RingAck { call_id: id(101) })));
}

#[test]
fn the_answer_leaves_the_one_for_the_other() {
    let mut stand = waiting();
    stand.tell(Input::User(Intent::AnswerWaiting { with_video: false }));
    let left = place(&stand, |said| matches!(said, ApiCommand::Leave { call_id, .. } if *call_id == id(100)));
    let answered =
        place(&stand, |said| matches!(said, ApiCommand::Accept { call_id, .. } if *call_id == id(101)));
    assert!(left.is_some() && left < answered, "{left:?} {answered:?}");
    assert!(stand.says(&Output::Close(id(ANAS_DEVICE))));
    assert!(matches!(stand.phone.screen(), Screen::Room(room) if room.call_id == id(101)));
    assert_eq!(stand.phone.waiting(), None);
}

#[test]
fn an_answer_that_overtook_the_leaving_is_given_again() {
    let mut stand = waiting();
    stand.tell(Input::User(Intent::AnswerWaiting { with_video: false }));
    let refusal = ApiError { code: Some(ErrorCode::AlreadyInCall), call_id: Some(id(100)) };
    stand.tell(Input::Accepted(id(101), Err(refusal)));
    let due = stand.phone.deadline().unwrap();
    stand.phone.handle(due, Input::Tick);
    stand.tell(Input::Tick);
    assert_eq!(accepts(&stand), 2);
    // A call elsewhere is another matter.
    let refusal = ApiError { code: Some(ErrorCode::AlreadyInCall), call_id: Some(id(102)) };
    stand.tell(Input::Accepted(id(101), Err(refusal)));
    assert_eq!(stand.outcome(), Some(Outcome::Refused(Some(ErrorCode::AlreadyInCall))));
}

#[test]
fn it_is_declined_and_does_not_come_back() {
    let mut stand = waiting();
    stand.tell(Input::User(Intent::DeclineWaiting));
    let decline = ApiCommand::Decline { call_id: id(101), device_id: id(BENS_DEVICE) };
    assert!(stand.says(&Output::Api(decline)) && stand.in_room());
    stand.hear(cleo_calls());
    assert_eq!(stand.phone.waiting(), None);
}

#[test]
fn it_rings_in_full_when_the_call_is_over() {
    let mut stand = waiting();
    stand.hear(ServerMessage::CallEnded { call: over(CallStatus::Ended) });
    assert!(matches!(stand.phone.screen(), Screen::Incoming(call) if call.call_id == id(101)));
    assert_eq!(stand.phone.waiting(), None);
}

#[test]
fn its_end_takes_it_away() {
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
fn it_does_not_ring_for_ever() {
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
