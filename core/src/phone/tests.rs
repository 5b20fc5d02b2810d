//! Scripts of one device: its behavior and, above all, the things that nobody can make it do.

mod group;
mod mesh;
mod own;
mod pacer;
mod waiting;

use super::*;
use crate::peer;
use parley_protocol::{
    ClientMessage, ErrorCode, Timestamp,
    call::{CallMode, Engine, OwnMedia, Participant, ParticipantStatus, Role},
    data::DataMessage,
    rest::{CallAccess, EnginePass, OtherCall},
    signal::{Signal, SignalPayload},
    ws::HandledHow,
};

/// The caller, Ana; she calls Ben. The tests look at the call from either side.
const ANA: u128 = 1;
const BEN: u128 = 2;
const ANAS_DEVICE: u128 = 11;
const BENS_DEVICE: u128 = 21;
const BENS_OTHER: u128 = 22;

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(n: u128) -> T {
    format!("00000000-0000-0000-0000-{n:012}").parse().unwrap()
}

fn person(n: u128) -> UserSummary {
    UserSummary::named(id(n), format!("Person {n}"))
}

fn seat(n: u128, status: ParticipantStatus, device: Option<u128>) -> Participant {
    let media = OwnMedia { muted: false, video: true, ..OwnMedia::default() };
    Participant { user: person(n), role: Role::Host, status, device_id: device.map(id), media, mutes: 0 }
}

fn call(status: CallStatus, version: u32, ben: Participant) -> Call {
    Call {
        id: id(100),
        conversation_id: id(200),
        initiator_id: id(ANA),
        call_type: CallType::Video,
        mode: CallMode::Direct,
        engine: Engine::P2p,
        status,
        version,
        created_at: Timestamp(0),
        ring_deadline: Timestamp(60_000),
        accepted_at: None,
        connected_at: None,
        ended_at: None,
        duration_seconds: None,
        end_reason: None,
        ends_at: None,
        limit: None,
        participants: vec![seat(ANA, ParticipantStatus::Connecting, Some(ANAS_DEVICE)), ben],
    }
}

fn ringing() -> Call {
    call(CallStatus::Ringing, 2, seat(BEN, ParticipantStatus::Ringing, None))
}

fn answered_by(device: u128) -> Call {
    call(CallStatus::Connecting, 3, seat(BEN, ParticipantStatus::Connecting, Some(device)))
}

fn over(status: CallStatus) -> Call {
    call(status, 9, seat(BEN, ParticipantStatus::Missed, None))
}

fn access(call: Call) -> CallAccess {
    CallAccess { call, pass: EnginePass::default(), ice: ice() }
}

fn ice() -> IceConfig {
    IceConfig { servers: Vec::new(), relay_only: false, preconnect: true }
}

fn offer() -> Signal {
    Signal { generation: 1, seq: 1, ack: 0, payload: Some(SignalPayload::Offer { sdp: "offer".into() }) }
}

fn signal(from: u128, device: u128) -> ServerMessage {
    ServerMessage::CallSignal {
        call_id: id(100),
        from_user: id(from),
        from_device: id(device),
        signal: offer(),
    }
}

fn incoming() -> ServerMessage {
    ServerMessage::CallIncoming { call: ringing(), caller: person(ANA), ice: ice(), ring_ms: 60_000 }
}

/// A device and all of its outputs.
struct Stand {
    phone: Phone,
    out: Vec<Output>,
}

impl Stand {
    fn new(who: u128, device: u128) -> Self {
        let mut stand = Self { phone: Phone::new(id(who)), out: Vec::new() };
        stand.tell(Input::Online { device_id: id(device) });
        stand
    }

    fn tell(&mut self, input: Input) -> &mut Self {
        self.phone.handle(Instant(1_000), input);
        while let Some(output) = self.phone.poll() {
            self.out.push(output);
        }
        self
    }

    fn hear(&mut self, message: ServerMessage) -> &mut Self {
        self.tell(Input::Server(message))
    }

    fn says(&self, output: &Output) -> bool {
        self.out.contains(output)
    }

    fn sends_tracks(&self) -> bool {
        self.out.iter().any(|output| matches!(output, Output::SendTracks { send: true, .. }))
    }

    fn opens_devices(&self) -> bool {
        self.out.iter().any(|output| matches!(output, Output::Media(MediaCommand::Acquire { .. })))
    }

    fn outcome(&self) -> Option<Outcome> {
        match self.phone.screen() {
            Screen::Over(over) => Some(over.outcome),
            _ => None,
        }
    }

    fn in_room(&self) -> bool {
        matches!(self.phone.screen(), Screen::Room(_))
    }
}

/// Returns Ana's device with the call started.
fn caller() -> Stand {
    let mut stand = Stand::new(ANA, ANAS_DEVICE);
    stand.tell(Input::User(Intent::Start {
        conversation_id: id(200),
        with: person(BEN),
        call_type: CallType::Video,
    }));
    let call = call(CallStatus::Initiated, 1, seat(BEN, ParticipantStatus::Invited, None));
    stand.tell(Input::Started(Ok(access(call))));
    stand
}

/// Returns Ben's device, which rings and is connected to the caller's.
fn callee() -> Stand {
    let mut stand = Stand::new(BEN, BENS_DEVICE);
    stand.hear(incoming()).hear(signal(ANA, ANAS_DEVICE));
    stand.tell(Input::Peer(id(ANAS_DEVICE), peer::Event::Path(peer::Path::Connected)));
    stand
}

fn ringing_on(device: u128) -> ServerMessage {
    ServerMessage::CallRinging { call: ringing(), user_id: id(BEN), device_id: id(device) }
}

fn accepted_by(device: u128) -> ServerMessage {
    ServerMessage::CallAccepted { call: answered_by(device), user_id: id(BEN), device_id: id(device) }
}

#[test]
fn a_device_rings_and_confirms_it() {
    let stand = callee();
    assert!(stand.says(&Output::Send(ClientMessage::RingAck { call_id: id(100) })));
    assert!(matches!(stand.phone.screen(), Screen::Incoming(_)));
    assert!(!stand.sends_tracks() && !stand.opens_devices());
}

#[test]
fn an_answer_goes_both_ways_at_once() {
    let mut stand = callee();
    stand.tell(Input::User(Intent::Answer { with_video: true }));
    assert!(stand.in_room() && stand.opens_devices());
    let message = DataMessage::Accept { call_id: id(100) };
    assert!(stand.says(&Output::Data(id(ANAS_DEVICE), message)));
    assert!(stand.says(&Output::SendTracks { device: id(ANAS_DEVICE), send: true }));
    let media = OwnMedia { muted: false, video: true, ..OwnMedia::default() };
    let accept = ApiCommand::Accept { call_id: id(100), device_id: id(BENS_DEVICE), media, other: None };
    assert!(stand.says(&Output::Api(accept)));
}

#[test]
fn without_a_line_the_answer_opens_one_to_the_caller() {
    let mut stand = Stand::new(BEN, BENS_DEVICE);
    stand.hear(incoming()).tell(Input::User(Intent::Answer { with_video: false }));
    assert!(stand.says(&Output::Open { device: id(ANAS_DEVICE), ice: ice() }));
    assert!(stand.says(&Output::SendTracks { device: id(ANAS_DEVICE), send: true }));
}

#[test]
fn a_connection_is_made_ready_once_for_each_ring() {
    for (mut stand, offers) in [(caller(), true), (callee(), false)] {
        stand.hear(incoming()).hear(ServerMessage::CallState { call: ringing() });
        let ready: Vec<_> = stand.out.iter().filter(|o| matches!(o, Output::Prepare { .. })).collect();
        assert_eq!(ready, [&Output::Prepare { ice: ice(), offers }]);
    }
}

#[test]
fn a_caller_connects_to_at_most_three_devices_while_it_rings() {
    let mut stand = caller();
    for device in 21..30 {
        stand.hear(ringing_on(device));
    }
    let opened = stand.out.iter().filter(|output| matches!(output, Output::Open { .. })).count();
    assert_eq!(opened, 3);
    assert!(!stand.sends_tracks(), "nothing is sent before the answer");
}

#[test]
fn the_promise_of_a_device_is_served_until_the_server_names_the_winner() {
    let mut stand = caller();
    stand.hear(ringing_on(BENS_DEVICE)).hear(ringing_on(BENS_OTHER));
    stand.tell(Input::Data(id(BENS_DEVICE), DataMessage::Accept { call_id: id(100) }));
    assert!(stand.in_room());
    assert!(stand.says(&Output::SendTracks { device: id(BENS_DEVICE), send: true }));
    assert!(!stand.says(&Output::SendTracks { device: id(BENS_OTHER), send: true }));
    stand.hear(accepted_by(BENS_OTHER));
    assert!(stand.says(&Output::Close(id(BENS_DEVICE))));
    assert!(stand.says(&Output::SendTracks { device: id(BENS_OTHER), send: true }));
}

#[test]
fn the_losers_connections_are_closed() {
    let mut stand = caller();
    stand.hear(ringing_on(BENS_DEVICE)).hear(ringing_on(BENS_OTHER)).hear(accepted_by(BENS_DEVICE));
    assert!(stand.says(&Output::Close(id(BENS_OTHER))));
    assert!(!stand.says(&Output::Close(id(BENS_DEVICE))));
}

#[test]
fn each_end_is_told_in_its_own_words() {
    for (status, to_caller, to_callee) in [
        (CallStatus::Declined, Outcome::Declined, Outcome::DeclinedElsewhere),
        (CallStatus::Missed, Outcome::NoAnswer, Outcome::Missed),
        (CallStatus::Busy, Outcome::Busy, Outcome::Missed),
        (CallStatus::Canceled, Outcome::Canceled, Outcome::Canceled),
        (CallStatus::Failed, Outcome::Failed, Outcome::Failed),
    ] {
        let message = ServerMessage::CallState { call: over(status) };
        assert_eq!(caller().hear(message.clone()).outcome(), Some(to_caller), "{status}");
        assert_eq!(callee().hear(message).outcome(), Some(to_callee), "{status}");
    }
}

#[test]
fn a_person_who_blocks_the_caller_sees_no_more_of_the_call() {
    let mut stand = callee();
    stand.hear(ServerMessage::CallHandledElsewhere { call: ringing(), how: HandledHow::Silenced });
    assert_eq!(stand.phone.screen(), Screen::Idle);
    assert!(stand.says(&Output::Close(id(ANAS_DEVICE))));
    assert!(stand.says(&Output::Media(MediaCommand::Release)));
}

#[test]
fn the_end_of_a_call_closes_and_releases_everything() {
    let mut stand = callee();
    stand.tell(Input::User(Intent::Answer { with_video: true }));
    stand.hear(ServerMessage::CallEnded { call: over(CallStatus::Ended) });
    assert!(stand.says(&Output::Close(id(ANAS_DEVICE))));
    assert!(stand.says(&Output::Media(MediaCommand::Release)));
    assert_eq!(stand.phone.holds(), None);
}

#[test]
fn an_invitation_that_was_overtaken_by_its_end_does_not_ring() {
    let mut stand = Stand::new(BEN, BENS_DEVICE);
    stand.hear(ServerMessage::CallCanceled { call: over(CallStatus::Canceled) }).hear(incoming());
    assert_eq!(stand.phone.screen(), Screen::Idle);
}

#[test]
fn a_ring_ends_by_itself_when_nobody_ends_it() {
    let mut stand = callee();
    let due = stand.phone.deadline().unwrap();
    assert!(due <= Instant(1_000) + Duration::from_secs(64));
    stand.phone.handle(Instant(1_000) + Duration::from_secs(64), Input::Tick);
    assert_eq!(stand.outcome(), Some(Outcome::Missed));
}

#[test]
fn an_older_message_never_undoes_a_newer_one() {
    let mut stand = caller();
    stand.hear(accepted_by(BENS_DEVICE)).hear(ringing_on(BENS_OTHER));
    assert!(stand.in_room());
    assert!(!stand.says(&Output::Open { device: id(BENS_OTHER), ice: ice() }));
}

#[test]
fn a_refused_start_says_why() {
    let mut stand = Stand::new(ANA, ANAS_DEVICE);
    stand.tell(Input::User(Intent::Start {
        conversation_id: id(200),
        with: person(BEN),
        call_type: CallType::Audio,
    }));
    let error = ApiError { code: Some(ErrorCode::AlreadyInCall), call_id: None };
    stand.tell(Input::Started(Err(error)));
    assert_eq!(stand.outcome(), Some(Outcome::Refused(Some(ErrorCode::AlreadyInCall))));
    assert!(stand.says(&Output::Media(MediaCommand::Release)));
}

#[test]
fn a_start_whose_answer_was_lost_does_not_ring_on() {
    let mut stand = Stand::new(ANA, ANAS_DEVICE);
    stand.tell(Input::User(Intent::Start {
        conversation_id: id(200),
        with: person(BEN),
        call_type: CallType::Audio,
    }));
    stand.tell(Input::Started(Err(ApiError { code: None, call_id: None })));
    stand.tell(Input::Active { held: None, calls: Ok(vec![ringing()]) });
    assert!(stand.says(&Output::Api(ApiCommand::Leave { call_id: id(100), device_id: id(ANAS_DEVICE) })));
}

#[test]
fn a_leave_while_the_server_is_away_is_sent_when_it_returns() {
    let mut stand = callee();
    stand.tell(Input::User(Intent::Answer { with_video: false })).tell(Input::Offline);
    stand.tell(Input::User(Intent::Leave));
    let leave = ApiCommand::Leave { call_id: id(100), device_id: id(BENS_DEVICE) };
    stand.tell(Input::Told(leave.clone(), Err(ApiError { code: None, call_id: None })));
    stand.out.clear();
    stand.tell(Input::Online { device_id: id(BENS_DEVICE) });
    assert!(stand.says(&Output::Api(leave)));
}

#[test]
fn a_leave_or_decline_that_failed_is_sent_again_bug() {
    let mut stand = callee();
    stand.tell(Input::User(Intent::Decline));
    let decline = ApiCommand::Decline { call_id: id(100), device_id: id(BENS_DEVICE) };
    assert!(stand.says(&Output::Api(decline.clone())));
    let error = ApiError { code: Some(ErrorCode::Unavailable), call_id: None };
    stand.out.clear();
    stand.tell(Input::Told(decline.clone(), Err(error)));
    let due = stand.phone.deadline().unwrap();
    stand.phone.handle(due, Input::Tick);
    stand.tell(Input::Tick);
    assert!(stand.says(&Output::Api(decline)));
    assert_eq!(stand.phone.deadline(), None);
}

#[test]
fn a_microphone_switched_off_and_on_while_the_browser_asks_ends_on_bug() {
    let mut stand = caller();
    stand.tell(Input::User(Intent::ToggleMic)).tell(Input::User(Intent::ToggleMic));
    stand.tell(Input::User(Intent::ToggleCamera)).tell(Input::User(Intent::ToggleCamera));
    stand.out.clear();
    for kind in [MediaKind::Mic, MediaKind::Camera, MediaKind::Mic, MediaKind::Camera] {
        stand.tell(Input::Media(MediaEvent::Ready(kind)));
    }
    assert_eq!((stand.phone.mic(), stand.phone.camera()), (Capture::On, Capture::On));
    assert!(!stand.says(&Output::Media(MediaCommand::Mute(true))));
    assert!(!stand.says(&Output::Media(MediaCommand::StopCamera)));
}

#[test]
fn an_update_made_while_the_socket_was_away_is_repeated_bug() {
    let mut stand = callee();
    stand.tell(Input::User(Intent::Answer { with_video: true }));
    stand.hear(accepted_by(BENS_DEVICE)).tell(Input::Offline).tell(Input::User(Intent::ToggleMic));
    stand.tell(Input::Online { device_id: id(BENS_DEVICE) });
    stand.out.clear();
    let calls = Ok(vec![answered_by(BENS_DEVICE)]);
    stand.tell(Input::Active { held: Some(id(100)), calls });
    let media = OwnMedia { muted: true, video: true, ..OwnMedia::default() };
    assert!(stand.says(&Output::Send(ClientMessage::ParticipantUpdate { call_id: id(100), media })));
}

#[test]
fn camera_and_microphone_are_told_apart() {
    let mut stand = caller();
    stand.tell(Input::Media(MediaEvent::Ready(MediaKind::Mic)));
    stand.tell(Input::Media(MediaEvent::Failed(MediaKind::Camera, MediaFault::Denied)));
    assert_eq!(stand.phone.mic(), Capture::On);
    assert_eq!(stand.phone.camera(), Capture::Failed(MediaFault::Denied));
    let media = OwnMedia { muted: false, video: false, ..OwnMedia::default() };
    let update = ClientMessage::ParticipantUpdate { call_id: id(100), media };
    assert!(stand.says(&Output::Send(update)), "the others learn that there is no picture");
}

/// Lists everything that a server, or a device of the caller, could claim. None of it may put Ben's
/// microphone or camera on a line.
fn hostile() -> Vec<Input> {
    let forged = answered_by(BENS_DEVICE);
    let connected =
        call(CallStatus::Connected, 4, seat(BEN, ParticipantStatus::Connected, Some(BENS_DEVICE)));
    vec![
        Input::Server(incoming()),
        Input::Server(accepted_by(BENS_DEVICE)),
        Input::Server(ServerMessage::CallState { call: connected.clone() }),
        Input::Server(signal(ANA, ANAS_DEVICE)),
        Input::Server(ringing_on(BENS_DEVICE)),
        Input::Server(ServerMessage::CallHandledElsewhere { call: ringing(), how: HandledHow::Accepted }),
        Input::Accepted(id(100), Ok(access(forged.clone()))),
        Input::Started(Ok(access(forged))),
        Input::Active { held: Some(id(100)), calls: Ok(vec![connected]) },
        Input::Data(id(ANAS_DEVICE), DataMessage::Accept { call_id: id(100) }),
        Input::Peer(id(ANAS_DEVICE), peer::Event::Path(peer::Path::Connected)),
        Input::Peer(id(ANAS_DEVICE), peer::Event::NegotiationNeeded),
        Input::Media(MediaEvent::Ready(MediaKind::Camera)),
        Input::User(Intent::ToggleCamera),
        Input::User(Intent::ToggleMic),
    ]
}

#[test]
fn nothing_but_the_own_click_puts_media_on_a_line() {
    // Every order of up to six of them is tried. Orders that leave the machine in the same state are
    // continued once.
    let inputs = hostile();
    let mut seen = std::collections::BTreeSet::new();
    let mut programs: Vec<Vec<usize>> = vec![vec![]];
    for _ in 0..6 {
        let mut longer = Vec::new();
        for program in &programs {
            for next in 0..inputs.len() {
                let program = [program.as_slice(), &[next]].concat();
                let mut stand = Stand::new(BEN, BENS_DEVICE);
                stand.hear(incoming());
                for index in &program {
                    stand.tell(inputs[*index].clone());
                }
                assert!(!stand.sends_tracks(), "{program:?}");
                assert!(!stand.opens_devices(), "{program:?}");
                assert!(!stand.in_room(), "{program:?}");
                if seen.insert(format!("{:?}", stand.phone)) {
                    longer.push(program);
                }
            }
        }
        programs = longer;
    }
}

#[test]
fn only_devices_of_the_call_may_connect() {
    let mut stand = Stand::new(BEN, BENS_DEVICE);
    stand.hear(incoming());
    stand.hear(signal(7, ANAS_DEVICE)).hear(signal(ANA, 99)).hear(signal(BEN, BENS_OTHER));
    assert!(!stand.out.iter().any(|output| matches!(output, Output::Open { .. })));
}

#[test]
fn a_headset_that_is_pulled_out_in_a_call_is_replaced_and_a_muted_one_is_not() {
    let again = Output::Media(MediaCommand::Acquire { mic: true, camera: false });
    let mut stand = callee();
    stand.tell(Input::User(Intent::Answer { with_video: false }));
    stand.tell(Input::Media(MediaEvent::Ready(MediaKind::Mic)));
    stand.out.clear();
    stand.tell(Input::Media(MediaEvent::Ended(MediaKind::Mic)));
    assert!(stand.says(&again));
    assert_eq!(stand.phone.mic(), Capture::Starting);
    stand.tell(Input::Media(MediaEvent::Failed(MediaKind::Mic, MediaFault::NotFound)));
    assert_eq!(stand.phone.mic(), Capture::Failed(MediaFault::NotFound));

    stand.tell(Input::User(Intent::ToggleMic)).tell(Input::Media(MediaEvent::Ready(MediaKind::Mic)));
    stand.tell(Input::User(Intent::ToggleMic));
    stand.out.clear();
    stand.tell(Input::Media(MediaEvent::Ended(MediaKind::Mic)));
    assert!(!stand.says(&again), "the microphone was off by choice");
}
