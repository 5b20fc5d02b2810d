//! Scripts of calls: inputs with their times, and the state after them.

mod audience;
mod group;
mod message;

use super::{ring::RINGING_DEVICES_MAX, *};
use crate::time::Duration;
use parley_protocol::{
    CallId, ConversationId,
    call::{CallType, EndReason, Engine, MediaState, ParticipantStatus},
    people::Plan,
};
use proptest::prelude::*;

const ANA: u128 = 1;
const BEN: u128 = 2;
const CLEO: u128 = 3;
const EVE: u128 = 9;

fn user(n: u128) -> UserId {
    UserId(id(n))
}

fn device(n: u128) -> DeviceId {
    DeviceId(id(n))
}

/// Builds the UUID that is this number in hexadecimal.
fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(n: u128) -> T {
    let hex = format!("{n:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]).parse().unwrap()
}

fn start(callees: &[(u128, bool)], mode: CallMode) -> Start {
    Start {
        id: CallId(id(100)),
        conversation_id: ConversationId(id(200)),
        call_type: CallType::Video,
        mode,
        engine: Engine::P2p,
        user: user(ANA),
        device: device(11),
        media: OwnMedia::default(),
        callees: callees
            .iter()
            .map(|&(n, busy)| Callee { user: user(n), reach: if busy { Reach::Busy } else { Reach::Rings } })
            .collect(),
        capacity: 8,
        plan: Plan::Free,
        max_duration: None,
    }
}

fn direct() -> Call {
    Call::start(Timestamp(0), Rules::default(), &start(&[(BEN, false)], CallMode::Direct)).0
}

fn at(seconds: i64) -> Timestamp {
    Timestamp(seconds * 1_000)
}

fn ack(n: u128, d: u128) -> Input {
    Input::RingAck { user: user(n), device: device(d) }
}

fn accept(n: u128, d: u128) -> Input {
    Input::Accept { user: user(n), device: device(d), media: OwnMedia::default() }
}

fn decline(n: u128, d: u128) -> Input {
    Input::Decline { user: user(n), device: device(d) }
}

fn leave(n: u128, d: u128) -> Input {
    Input::Leave { user: user(n), device: device(d) }
}

fn media(n: u128, d: u128, state: MediaState) -> Input {
    Input::Media { user: user(n), device: device(d), state }
}

fn gone(n: u128, d: u128) -> Input {
    Input::SocketGone { user: user(n), device: device(d) }
}

fn back(n: u128, d: u128) -> Input {
    Input::SocketBack { user: user(n), device: device(d) }
}

const UP: MediaState = MediaState::Connected;
const LOST: MediaState = MediaState::Lost;

/// Runs the script, in which steps may be refused, and compares the state of the call after it.
fn check(call: &mut Call, script: &[(i64, Input)], expect: (CallStatus, Option<EndReason>)) {
    for (second, input) in script {
        let _ = call.handle(at(*second), *input);
    }
    assert_eq!((call.record().status, call.record().end_reason), expect, "{:#?}", call.record());
    assert_consistent(call);
}

fn connected() -> Call {
    let mut call = direct();
    let script = [(1, ack(BEN, 21)), (2, accept(BEN, 21)), (3, media(ANA, 11, UP)), (3, media(BEN, 21, UP))];
    check(&mut call, &script, (CallStatus::Connected, None));
    call
}

#[test]
fn a_restart_is_the_reason_when_nobody_returns_after_it() {
    let rules = Rules { began: Some(at(100)), ..Rules::default() };
    let began = || Call::restore(connected().record().clone(), rules);
    let script = [(101, gone(ANA, 11)), (101, gone(BEN, 21)), (131, Input::Tick)];
    check(&mut began(), &script, (CallStatus::Failed, Some(EndReason::ServerRestart)));
    let script = [script[0], script[1], (110, back(ANA, 11)), script[2]];
    check(&mut began(), &script, (CallStatus::Failed, Some(EndReason::NetworkError)));
    let script = [(200, gone(ANA, 11)), (200, gone(BEN, 21)), (230, Input::Tick)];
    check(&mut began(), &script, (CallStatus::Failed, Some(EndReason::NetworkError)));
}

#[test]
fn a_call_rings_is_answered_connects_and_ends() {
    let mut call = connected();
    check(&mut call, &[(63, leave(BEN, 21))], (CallStatus::Ended, Some(EndReason::Completed)));
    assert_eq!(call.record().duration_seconds(), Some(60));
    assert_eq!(call.deadline(), None);
}

#[test]
fn each_end_before_the_answer_has_its_name() {
    let cases = [
        (vec![(1, ack(BEN, 21)), (2, decline(BEN, 21))], CallStatus::Declined, EndReason::Declined),
        (vec![(2, decline(BEN, 21))], CallStatus::Declined, EndReason::Declined),
        (
            vec![(1, Input::Cancel { user: user(ANA), device: device(11) })],
            CallStatus::Canceled,
            EndReason::Canceled,
        ),
        (vec![(1, ack(BEN, 21)), (2, leave(ANA, 11))], CallStatus::Canceled, EndReason::Canceled),
        (vec![(60, Input::Tick)], CallStatus::Missed, EndReason::NoAnswer),
        (vec![(1, gone(ANA, 11)), (16, Input::Tick)], CallStatus::Canceled, EndReason::Canceled),
        (vec![(2, accept(BEN, 21)), (32, Input::Tick)], CallStatus::Failed, EndReason::Failed),
    ];
    for (script, status, reason) in cases {
        check(&mut direct(), &script, (status, Some(reason)));
    }
}

#[test]
fn deadlines_hold_to_the_millisecond() {
    let mut call = direct();
    assert_eq!(call.deadline(), Some(Timestamp(60_000)));
    assert_eq!(call.handle(Timestamp(59_999), Input::Tick), Ok(vec![]));
    assert_eq!(call.record().status, CallStatus::Initiated);
    assert!(!call.handle(Timestamp(60_000), Input::Tick).unwrap().is_empty());
    assert_eq!(call.record().status, CallStatus::Missed);
    assert_eq!(call.handle(Timestamp(60_001), accept(BEN, 21)), Err(Rejected::Over));
}

#[test]
fn the_first_of_several_devices_wins() {
    let mut call = direct();
    let script = [(1, ack(BEN, 21)), (1, ack(BEN, 22)), (2, accept(BEN, 22))];
    check(&mut call, &script, (CallStatus::Connecting, None));
    assert_eq!(call.handle(at(2), accept(BEN, 21)), Err(Rejected::HandledElsewhere));
    assert_eq!(call.handle(at(2), decline(BEN, 21)), Err(Rejected::HandledElsewhere));
    assert_eq!(call.handle(at(2), accept(BEN, 22)), Ok(vec![]), "a repeat is no new answer");
    assert_eq!(call.handle(at(2), leave(BEN, 21)), Ok(vec![]), "the loser's tab may close");
    assert_eq!(call.record().seat(user(BEN)).unwrap().device_id, Some(device(22)));
}

#[test]
fn two_who_call_each_other_are_in_one_call() {
    let mut call = direct();
    let again = call.start_again(at(0), user(BEN), device(21), OwnMedia::default());
    assert_eq!(again, Ok(vec![Event::Accepted { user: user(BEN), device: device(21) }]));
    assert_eq!(call.record().status, CallStatus::Connecting);
    let third = call.start_again(at(1), user(ANA), device(12), OwnMedia::default());
    assert_eq!(third, Err(Rejected::InProgress));
}

#[test]
fn a_busy_callee_is_not_rung() {
    let (call, events) = Call::start(at(0), Rules::default(), &start(&[(BEN, true)], CallMode::Direct));
    assert_eq!(call.record().status, CallStatus::Busy);
    assert_eq!(
        events,
        [Event::Started, Event::Busy { user: user(BEN) }, Event::Over { reason: EndReason::Busy }]
    );
}

#[test]
fn media_that_is_lost_may_return_within_the_grace() {
    let mut call = connected();
    check(&mut call, &[(10, media(ANA, 11, LOST))], (CallStatus::Reconnecting, None));
    check(&mut call, &[(39, Input::Tick), (39, media(ANA, 11, UP))], (CallStatus::Connected, None));
    let script = [(50, media(BEN, 21, LOST)), (50, media(ANA, 11, LOST)), (79, Input::Tick)];
    check(&mut call, &script, (CallStatus::Reconnecting, None));
    check(&mut call, &[(80, Input::Tick)], (CallStatus::Failed, Some(EndReason::NetworkError)));
}

#[test]
fn a_socket_that_is_gone_does_not_touch_the_call_until_the_grace_is_over() {
    let mut call = connected();
    check(&mut call, &[(10, gone(BEN, 21)), (39, Input::Tick)], (CallStatus::Connected, None));
    check(&mut call, &[(39, back(BEN, 21)), (60, Input::Tick)], (CallStatus::Connected, None));
    let script = [(70, gone(BEN, 21)), (71, gone(BEN, 21)), (100, Input::Tick)];
    check(&mut call, &script, (CallStatus::Failed, Some(EndReason::NetworkError)));
}

#[test]
fn a_caller_who_vanishes_is_given_the_long_grace_once_answered() {
    let mut call = direct();
    let script = [(1, gone(ANA, 11)), (10, accept(BEN, 21)), (17, Input::Tick)];
    check(&mut call, &script, (CallStatus::Connecting, None));
}

#[test]
fn only_the_roster_is_heard() {
    let mut call = direct();
    for input in
        [ack(EVE, 91), accept(EVE, 91), decline(EVE, 91), leave(EVE, 91), Input::End { user: user(EVE) }]
    {
        assert_eq!(call.handle(at(1), input), Err(Rejected::NotInRoster));
    }
    let cancel = Input::Cancel { user: user(BEN), device: device(21) };
    assert_eq!(call.handle(at(1), cancel), Err(Rejected::NotNow));
    assert_eq!(call.handle(at(1), media(ANA, 11, UP)), Err(Rejected::NotNow));
    assert_eq!(call.handle(at(1), accept(ANA, 12)), Err(Rejected::HandledElsewhere));
    assert_eq!(call.record().version, 1);
}

#[test]
fn nobody_else_can_claim_a_participants_media() {
    let mut call = connected();
    assert_eq!(call.handle(at(5), media(BEN, 22, LOST)), Err(Rejected::NotNow));
    let muted = OwnMedia { muted: true, ..OwnMedia::default() };
    let update = |d| Input::Update { user: user(BEN), device: device(d), change: muted.into() };
    assert_eq!(call.handle(at(5), update(22)), Err(Rejected::NotNow));
    assert_eq!(call.handle(at(5), update(21)), Ok(vec![Event::Updated { user: user(BEN) }]));
    assert_eq!(call.handle(at(5), update(21)), Ok(vec![]));
}

#[test]
fn a_ring_is_confirmed_once_per_device_and_by_few() {
    let mut call = direct();
    assert_eq!(call.handle(at(1), ack(BEN, 21)).unwrap().len(), 1);
    assert_eq!(call.handle(at(1), ack(BEN, 21)), Ok(vec![]));
    for n in 0..100 {
        let _ = call.handle(at(1), ack(BEN, 1_000 + n));
    }
    assert_eq!(call.record().seat(user(BEN)).unwrap().ringing_on.len(), RINGING_DEVICES_MAX);
}

/// Checks the invariants of a record.
fn assert_consistent(call: &Call) {
    let record = call.record();
    let live = record.status.is_live();
    assert_eq!(live, record.ended_at.is_none());
    assert_eq!(live, record.end_reason.is_none());
    assert_eq!(record.accepted_at.is_none() && live, record.status.is_unanswered());
    let present = record.present().count();
    let answered = live && !record.status.is_unanswered();
    let connecting = record.status == CallStatus::Connecting;
    assert_eq!(record.connect_deadline.is_some(), connecting && present >= 2);
    let ringing = record.participants.iter().any(Seat::is_pending);
    assert_eq!(record.alone_deadline.is_some(), answered && present == 1 && !ringing);
    let hosts = record.present().filter(|seat| seat.role == Role::Host).count();
    assert!(!live || record.mode == CallMode::Direct || hosts == 1, "{hosts} hosts");
    assert!(u32::try_from(present).unwrap() <= record.capacity);
    for seat in &record.participants {
        let waits = match seat.status {
            ParticipantStatus::Reconnecting => true,
            ParticipantStatus::Connecting => !connecting,
            _ => false,
        };
        assert_eq!(seat.media_deadline.is_some(), waits && answered && present >= 2, "{seat:?}");
        assert_eq!(seat.ring_deadline.is_some(), seat.is_pending());
        assert!(seat.socket_deadline.is_none() || seat.status.is_in());
        assert!(seat.ringing_on.is_empty() || seat.is_pending());
        assert!(live || !(seat.is_pending() || seat.status.is_in()), "{seat:?}");
        assert!(seat.device_id.is_some() || !seat.status.is_in());
    }
    let waiting = live && (record.status != CallStatus::Connected);
    assert!(!waiting || call.deadline().is_some(), "every state but connected ends by itself");
}

fn any_input() -> impl Strategy<Value = Input> {
    let who = prop_oneof![
        Just((ANA, 11_u128)),
        Just((ANA, 12)),
        Just((BEN, 21)),
        Just((BEN, 22)),
        Just((CLEO, 31)),
        Just((EVE, 91))
    ];
    (0..18_u8, who.clone(), who, any::<bool>()).prop_map(|(kind, (n, d), (other, _), flag)| {
        let (by, user, device) = (user(other), user(n), device(d));
        let media = OwnMedia { muted: flag, video: !flag, ..OwnMedia::default() };
        match kind {
            0 => Input::RingAck { user, device },
            1 => Input::Accept { user, device, media },
            2 => Input::Decline { user, device },
            3 => Input::Cancel { user, device },
            4 => Input::Leave { user, device },
            5 => Input::End { user },
            6 => Input::Media { user, device, state: if flag { UP } else { LOST } },
            7 => Input::Update { user, device, change: media.into() },
            8 => Input::SocketGone { user, device },
            9 => Input::SocketBack { user, device },
            10 | 11 => Input::Join { user, device, media },
            12 => Input::Mute { by, user },
            13 => Input::Kick { by, user },
            14 => Input::SetRole { by, user, role: if flag { Role::Host } else { Role::CoHost } },
            15 => Input::Remove { user },
            16 => Input::Silence { user },
            _ => Input::Tick,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_program_ends_in_exactly_one_terminal_status(
        (group, program) in (any::<bool>(), proptest::collection::vec((0..20_000_u64, any_input()), 0..60))
    ) {
        let mut call = if group { group::of_three() } else { direct() };
        let mut now = Timestamp(0);
        let mut overs = 0;
        let mut terminal = None;
        let mut version = call.record().version;
        for (pause, input) in program {
            now = now + Duration::from_millis(pause);
            let before = call.record().clone();
            // The server checks with the conversation whether a person may join; the machine refuses
            // strangers to a direct call by itself.
            let stranger = matches!(input, Input::Join { user, .. } if user == self::user(EVE) && !group);
            prop_assert!(!stranger || call.handle(now, input).is_err());
            match call.handle(now, input) {
                Ok(events) if !events.is_empty() => {
                    version += 1;
                    overs += events.iter().filter(|e| matches!(e, Event::Over { .. })).count();
                }
                _ => prop_assert_eq!(&before, call.record(), "a refused input changes nothing"),
            }
            prop_assert_eq!(call.record().version, version);
            assert_consistent(&call);
            if let Some(status) = terminal {
                prop_assert_eq!(status, call.record().status);
            } else if !call.record().status.is_live() {
                terminal = Some(call.record().status);
            }
        }
        // All clients vanish. Time alone must bring the call to its end.
        for (n, d) in [(ANA, 11), (ANA, 12), (BEN, 21), (BEN, 22), (CLEO, 31), (EVE, 91)] {
            let _ = call.handle(now, gone(n, d)).map(|events| {
                overs += events.iter().filter(|e| matches!(e, Event::Over { .. })).count();
            });
        }
        while let Some(due) = call.deadline() {
            let events = call.handle(due, Input::Tick).unwrap();
            prop_assert!(!events.is_empty(), "a deadline that changes nothing comes again for ever");
            overs += events.iter().filter(|e| matches!(e, Event::Over { .. })).count();
        }
        prop_assert!(!call.record().status.is_live());
        prop_assert_eq!(overs, 1);
    }
}
