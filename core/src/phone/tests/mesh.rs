//! The lines to the devices of a room: opening, closing, and the replacement of a dead one.

use super::{
    group::{
        CLEO, CLEOS_DEVICE, ben, cleo_inside, cleo_is_muted, group, inside, ringing_cleo, state, updated,
    },
    *,
};

fn opened(stand: &Stand, device: u128) -> usize {
    let open = Output::Open { device: id(device), ice: ice() };
    stand.out.iter().filter(|output| **output == open).count()
}

fn said_to(stand: &Stand, device: u128) -> Vec<&Signal> {
    let to = |output: &'_ Output| match output {
        Output::Send(ClientMessage::Signal { to_device, .. }) => *to_device == id(device),
        _ => false,
    };
    let signals = stand.out.iter().filter(|output| to(output));
    signals
        .filter_map(|output| match output {
            Output::Send(ClientMessage::Signal { signal, .. }) => Some(signal),
            _ => None,
        })
        .collect()
}

fn of_ana(generation: u32, payload: SignalPayload) -> ServerMessage {
    let signal = Signal { generation, seq: 1, ack: 0, payload: Some(payload) };
    ServerMessage::CallSignal { call_id: id(100), from_user: id(ANA), from_device: id(ANAS_DEVICE), signal }
}

fn an_offer() -> SignalPayload {
    SignalPayload::Offer { sdp: "offer".into() }
}

/// Lets Ben join the call of Ana and Cleo.
fn joining() -> Stand {
    let mut stand = Stand::new(BEN, BENS_DEVICE);
    stand.tell(Input::User(Intent::Join {
        call_id: id(100),
        conversation_id: id(200),
        with: person(9),
        call_type: CallType::Video,
    }));
    stand
}

#[test]
fn a_joining_device_offers_where_it_has_to() {
    let mut stand = joining();
    assert!(stand.opens_devices());
    let media = OwnMedia { video: true, ..OwnMedia::default() };
    let join = ApiCommand::Join { call_id: id(100), device_id: id(BENS_DEVICE), media };
    assert!(stand.says(&Output::Api(join)));
    assert!(matches!(stand.phone.screen(), Screen::Outgoing(call) if call.stage == Stage::Joining));
    let call = group(5, ben(ParticipantStatus::Connecting), cleo_inside());
    stand.tell(Input::Started(Ok(super::access(call))));
    assert!(stand.in_room());
    // Cleo's device has the larger id, so Ben offers to it. Ana has started the call and offers to everybody.
    assert_eq!((opened(&stand, CLEOS_DEVICE), opened(&stand, ANAS_DEVICE)), (1, 0));
    stand.hear(signal(ANA, ANAS_DEVICE));
    assert_eq!(opened(&stand, ANAS_DEVICE), 1);
    for device in [ANAS_DEVICE, CLEOS_DEVICE] {
        assert!(stand.says(&Output::SendTracks { device: id(device), send: true }));
    }
    let Screen::Room(room) = stand.phone.screen() else { panic!("not in the room") };
    assert_eq!(room.people.len(), 3);
    assert_eq!(room.tiles().len(), 2);
}

#[test]
fn an_update_that_overtakes_the_answer_to_a_join_is_kept_bug() {
    let mut stand = joining();
    let mut muted = cleo_inside();
    muted.media.muted = true;
    stand.hear(updated(5, muted));
    stand.tell(Input::Started(Ok(access(group(4, ben(ParticipantStatus::Connecting), cleo_inside())))));
    assert!(cleo_is_muted(&stand));
}

#[test]
/// A connection that was made to offer is no good for an answer: tracks that are put on it later are not
/// sent.
fn a_connection_prepared_by_a_joining_device_can_answer_bug() {
    let mut stand = joining();
    let call = group(5, ben(ParticipantStatus::Connecting), cleo_inside());
    stand.tell(Input::Started(Ok(super::access(call))));
    assert!(stand.says(&Output::Prepare { ice: ice(), offers: false }));
    assert!(!stand.says(&Output::Prepare { ice: ice(), offers: true }));
}

#[test]
fn a_call_that_is_full_says_so() {
    let mut stand = joining();
    let error = ApiError { code: Some(ErrorCode::CallFull), call_id: Some(id(100)) };
    stand.tell(Input::Started(Err(error)));
    assert_eq!(stand.outcome(), Some(Outcome::Refused(Some(ErrorCode::CallFull))));
    assert!(stand.says(&Output::Media(MediaCommand::Release)));
}

#[test]
fn a_device_that_leaves_loses_its_line_and_may_come_back() {
    let mut stand = inside();
    stand.hear(state(4, ben(ParticipantStatus::Connected), cleo_inside()));
    assert_eq!(opened(&stand, CLEOS_DEVICE), 1);
    stand.hear(state(5, ben(ParticipantStatus::Connected), seat(CLEO, ParticipantStatus::Left, None)));
    assert!(stand.says(&Output::Close(id(CLEOS_DEVICE))));
    stand.tell(Input::User(Intent::Leave));
    let Screen::Over(over) = stand.phone.screen() else { panic!("still there") };
    assert_eq!(over.goes_on, Some(id(100)));
    stand.out.clear();
    stand.tell(Input::User(Intent::Again));
    let joins = |output: &Output| matches!(output, Output::Api(ApiCommand::Join { .. }));
    assert!(stand.out.iter().any(joins));
}

#[test]
fn a_device_that_only_rings_keeps_its_line_and_gets_no_tracks() {
    let mut stand = caller();
    let ringing = |user, device| {
        let ben = seat(BEN, ParticipantStatus::Ringing, None);
        ServerMessage::CallRinging {
            call: group(2, ben, ringing_cleo()),
            user_id: id(user),
            device_id: id(device),
        }
    };
    stand.hear(ringing(BEN, BENS_DEVICE)).hear(ringing(CLEO, CLEOS_DEVICE));
    stand.hear(state(3, ben(ParticipantStatus::Connecting), ringing_cleo()));
    assert!(stand.in_room());
    let sends = |device| Output::SendTracks { device: id(device), send: true };
    assert!(stand.says(&sends(BENS_DEVICE)) && !stand.says(&sends(CLEOS_DEVICE)));
    assert!(!stand.says(&Output::Close(id(CLEOS_DEVICE))));
    stand.hear(state(4, ben(ParticipantStatus::Connecting), cleo_inside()));
    assert!(stand.says(&sends(CLEOS_DEVICE)));
    assert_eq!(opened(&stand, CLEOS_DEVICE), 1);
}

#[test]
fn a_dead_connection_is_replaced_and_the_tracks_go_with_it() {
    let mut stand = inside();
    stand.hear(signal(ANA, ANAS_DEVICE));
    stand.tell(Input::Peer(id(ANAS_DEVICE), peer::Event::Done(Err(peer::CommandFailed))));
    stand.out.clear();
    stand.phone.handle(Instant(9_000), Input::Tick);
    stand.tell(Input::Offline);
    let close = stand.out.iter().position(|output| *output == Output::Close(id(ANAS_DEVICE)));
    let open =
        stand.out.iter().position(|output| *output == Output::Open { device: id(ANAS_DEVICE), ice: ice() });
    assert!(close.is_some() && close < open);
    assert!(stand.says(&Output::SendTracks { device: id(ANAS_DEVICE), send: true }));
    // Ana is the side that offers, so she is asked to.
    let asks = Signal { generation: 2, seq: 1, ack: 0, payload: Some(SignalPayload::Renew {}) };
    assert_eq!(said_to(&stand, ANAS_DEVICE).last(), Some(&&asks));
}

#[test]
fn a_newer_generation_is_followed_and_an_older_one_let_be() {
    let mut stand = inside();
    stand.hear(signal(ANA, ANAS_DEVICE));
    assert_eq!(opened(&stand, ANAS_DEVICE), 1);
    let candidates = SignalPayload::Candidates { candidates: vec![] };
    stand.hear(of_ana(3, candidates));
    assert_eq!(opened(&stand, ANAS_DEVICE), 1, "not what begins a connection");
    stand.hear(of_ana(3, an_offer()));
    assert_eq!(opened(&stand, ANAS_DEVICE), 2);
    stand.out.clear();
    stand.hear(of_ana(2, an_offer())).hear(of_ana(1, an_offer()));
    assert!(!stand.out.iter().any(|output| matches!(output, Output::Peer(..) | Output::Open { .. })));
}

#[test]
fn a_device_that_came_back_unnoticed_is_connected_anew() {
    let mut stand = joining();
    let access = |version| {
        let call = group(version, ben(ParticipantStatus::Connecting), cleo_inside());
        Input::Started(Ok(super::access(call)))
    };
    stand.tell(access(5)).hear(signal(ANA, ANAS_DEVICE)).tell(Input::User(Intent::Leave));
    stand.tell(Input::User(Intent::Again)).tell(access(7));
    stand.out.clear();
    // Ana has not noticed, and still uses the connection that is gone.
    stand.hear(of_ana(1, SignalPayload::Answer { sdp: "late".into() }));
    let asks = Signal { generation: 2, seq: 1, ack: 0, payload: Some(SignalPayload::Renew {}) };
    assert_eq!(said_to(&stand, ANAS_DEVICE), [&asks]);
}
