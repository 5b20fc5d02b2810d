//! Scripts of calls of more than two people: coming and going, hosts, and deadlines.

use super::*;

pub(super) const DAN: u128 = 4;
const FIVE_MINUTES: i64 = 300;

/// Starts a call by Ana to Ben and Cleo. The call holds three people.
pub(super) fn of_three() -> Call {
    let start = start(&[(BEN, false), (CLEO, false)], CallMode::Group);
    Call::start(at(0), Rules::default(), &Start { capacity: 3, ..start }).0
}

fn join(n: u128, d: u128) -> Input {
    Input::Join { user: user(n), device: device(d), media: OwnMedia::default() }
}

pub(super) fn kick(by: u128, n: u128) -> Input {
    Input::Kick { by: user(by), user: user(n) }
}

pub(super) fn mute(by: u128, n: u128) -> Input {
    Input::Mute { by: user(by), user: user(n) }
}

fn make(by: u128, n: u128, role: Role) -> Input {
    Input::SetRole { by: user(by), user: user(n), role }
}

pub(super) fn ring(n: u128) -> Callee {
    Callee { user: user(n), reach: Reach::Rings }
}

fn status(call: &Call, n: u128) -> ParticipantStatus {
    call.record().seat(user(n)).unwrap().status
}

fn role(call: &Call, n: u128) -> Role {
    call.record().seat(user(n)).unwrap().role
}

/// Starts a call in which Ana, Ben and Cleo are connected at second 3.
pub(super) fn talking() -> Call {
    let mut call = of_three();
    let script = [
        (1, accept(BEN, 21)),
        (2, accept(CLEO, 31)),
        (3, media(ANA, 11, UP)),
        (3, media(BEN, 21, UP)),
        (3, media(CLEO, 31, UP)),
    ];
    check(&mut call, &script, (CallStatus::Connected, None));
    call
}

#[test]
fn a_group_call_goes_on_without_one_and_ends_with_the_last() {
    let mut call = of_three();
    let script = [(1, accept(BEN, 21)), (2, media(ANA, 11, UP)), (2, media(BEN, 21, UP))];
    check(&mut call, &script, (CallStatus::Connected, None));
    check(&mut call, &[(60, Input::Tick)], (CallStatus::Connected, None));
    assert_eq!(status(&call, CLEO), ParticipantStatus::Missed);
    check(&mut call, &[(70, leave(ANA, 11))], (CallStatus::Connected, None));
    check(&mut call, &[(72, leave(BEN, 21))], (CallStatus::Ended, Some(EndReason::EveryoneLeft)));
}

#[test]
fn a_group_call_rings_until_the_last_has_declined() {
    let cases = [
        ([decline(BEN, 21), decline(CLEO, 31)], CallStatus::Declined, EndReason::Declined),
        ([decline(BEN, 21), Input::Tick], CallStatus::Missed, EndReason::NoAnswer),
        ([kick(ANA, BEN), kick(ANA, CLEO)], CallStatus::Canceled, EndReason::Canceled),
    ];
    for ([first, last], status, reason) in cases {
        let mut call = of_three();
        check(&mut call, &[(1, first)], (CallStatus::Initiated, None));
        check(&mut call, &[(60, last)], (status, Some(reason)));
    }
}

#[test]
fn a_person_who_left_declined_or_missed_it_may_join_later() {
    let mut call = talking();
    for again in 0..3 {
        check(&mut call, &[(10 + again, leave(BEN, 21))], (CallStatus::Connected, None));
        assert_eq!(call.handle(at(10 + again), accept(BEN, 21)), Err(Rejected::NotNow), "joins, not answers");
        let joined = call.handle(at(10 + again), join(BEN, 22)).unwrap();
        assert_eq!(joined, [Event::Joined { user: user(BEN), device: device(22) }]);
        check(&mut call, &[(10 + again, leave(BEN, 22))], (CallStatus::Connected, None));
        call.handle(at(10 + again), join(BEN, 21)).unwrap();
    }
    assert_eq!(call.handle(at(20), join(BEN, 22)), Err(Rejected::HandledElsewhere), "sits elsewhere");
    assert_eq!(call.handle(at(20), join(BEN, 21)), Ok(vec![]), "a repeat is nothing new");
    let mut call = direct();
    assert_eq!(call.handle(at(1), join(EVE, 91)), Err(Rejected::NotInRoster), "two are two");
}

#[test]
fn somebody_who_was_not_rung_answers_by_joining() {
    let mut call = of_three();
    check(&mut call, &[(1, join(DAN, 41))], (CallStatus::Connecting, None));
    assert_eq!(role(&call, DAN), Role::Participant);
    assert!(call.record().accepted_at.is_some());
}

#[test]
fn one_more_than_it_holds_is_told_that_it_is_full() {
    let mut call = talking();
    assert_eq!(call.handle(at(5), join(DAN, 41)), Err(Rejected::Full));
    assert!(call.record().seat(user(DAN)).is_none());
    call.invite(at(5), user(ANA), &[ring(DAN)]).unwrap();
    assert_eq!(call.handle(at(6), accept(DAN, 41)), Err(Rejected::Full));
    assert_eq!(status(&call, DAN), ParticipantStatus::Invited, "rings on: somebody may leave");
    call.handle(at(7), leave(CLEO, 31)).unwrap();
    call.handle(at(8), accept(DAN, 41)).unwrap();
    assert_eq!(call.handle(at(9), join(CLEO, 31)), Err(Rejected::Full));
}

#[test]
fn five_minutes_alone_end_the_call() {
    let mut call = talking();
    check(&mut call, &[(10, leave(ANA, 11)), (20, leave(BEN, 21))], (CallStatus::Connected, None));
    // A person who is alone has nobody to connect to.
    check(&mut call, &[(21, media(CLEO, 31, LOST)), (60, Input::Tick)], (CallStatus::Connected, None));
    let end = Timestamp((20 + FIVE_MINUTES) * 1_000);
    assert_eq!(call.deadline(), Some(end));
    let mut joined = call.clone();
    assert_eq!(call.handle(Timestamp(end.0 - 1), Input::Tick), Ok(vec![]));
    check(&mut call, &[(320, Input::Tick)], (CallStatus::Ended, Some(EndReason::EveryoneLeft)));

    // Somebody comes in the last moment. Both have to connect, and nobody is alone.
    let script =
        [(319, join(ANA, 11)), (320, Input::Tick), (340, media(CLEO, 31, UP)), (341, media(ANA, 11, UP))];
    check(&mut joined, &script, (CallStatus::Connected, None));
    assert_eq!(joined.deadline(), None);
    check(&mut joined, &[(400, leave(ANA, 11))], (CallStatus::Connected, None));
    // While somebody is being rung, the person in the call does not count as alone.
    joined.invite(at(500), user(CLEO), &[ring(BEN)]).unwrap();
    check(&mut joined, &[(559, Input::Tick)], (CallStatus::Connected, None));
    check(&mut joined, &[(560, Input::Tick)], (CallStatus::Connected, None));
    assert_eq!(joined.deadline(), Some(at(560 + FIVE_MINUTES)));
}

#[test]
fn a_person_whose_media_never_comes_is_removed_alone() {
    let mut call = talking();
    check(&mut call, &[(5, leave(BEN, 21)), (10, join(BEN, 22))], (CallStatus::Connected, None));
    check(&mut call, &[(39, Input::Tick)], (CallStatus::Connected, None));
    assert_eq!(status(&call, BEN), ParticipantStatus::Connecting);
    check(&mut call, &[(40, Input::Tick)], (CallStatus::Connected, None));
    assert_eq!(call.record().seat(user(BEN)).unwrap().leave_reason, Some(EndReason::Failed));
    check(&mut call, &[(50, media(CLEO, 31, LOST)), (80, Input::Tick)], (CallStatus::Connected, None));
    assert_eq!(call.record().seat(user(CLEO)).unwrap().leave_reason, Some(EndReason::NetworkError));
}

#[test]
fn the_role_of_host_passes_on_when_the_host_goes() {
    let mut call = talking();
    let events = call.handle(at(10), leave(ANA, 11)).unwrap();
    let heir = Event::RoleChanged { user: user(BEN), role: Role::Host };
    assert_eq!(events, [Event::Left { user: user(ANA), reason: EndReason::Completed }, heir]);
    call.handle(at(11), join(ANA, 11)).unwrap();
    assert_eq!(role(&call, ANA), Role::Participant, "comes back as one of many");
    // A co-host takes precedence over people who have been there longer.
    call.handle(at(12), make(BEN, ANA, Role::CoHost)).unwrap();
    call.handle(at(13), media(ANA, 11, UP)).unwrap();
    call.handle(at(13), gone(BEN, 21)).unwrap();
    check(&mut call, &[(43, Input::Tick)], (CallStatus::Connected, None));
    assert_eq!((role(&call, ANA), role(&call, BEN)), (Role::Host, Role::Participant));
}

#[test]
fn a_host_ends_the_call_for_all_and_others_cannot() {
    let mut call = talking();
    assert_eq!(call.handle(at(5), Input::End { user: user(BEN) }), Err(Rejected::NotAllowed));
    call.handle(at(6), make(ANA, BEN, Role::CoHost)).unwrap();
    let mut other = call.clone();
    check(&mut call, &[(7, Input::End { user: user(BEN) })], (CallStatus::Ended, Some(EndReason::HostEnded)));
    check(
        &mut other,
        &[(7, Input::End { user: user(ANA) })],
        (CallStatus::Ended, Some(EndReason::HostEnded)),
    );
}

#[test]
fn hosts_mute_and_nobody_unmutes() {
    let mut call = talking();
    assert_eq!(call.handle(at(5), mute(BEN, CLEO)), Err(Rejected::NotAllowed));
    assert_eq!(call.handle(at(5), mute(ANA, ANA)), Err(Rejected::NotNow));
    let muted = Event::Muted { user: user(CLEO), by: user(ANA) };
    assert_eq!(call.handle(at(5), mute(ANA, CLEO)), Ok(vec![muted]));
    assert_eq!(call.handle(at(5), mute(ANA, CLEO)), Ok(vec![]), "is muted");
    let seat = call.record().seat(user(CLEO)).unwrap();
    assert!(seat.media.muted && seat.mutes == 1);
    let change = parley_protocol::call::MediaChange { muted: Some(false), ..Default::default() };
    call.handle(at(6), Input::Update { user: user(CLEO), device: device(31), change }).unwrap();
    assert!(!call.record().seat(user(CLEO)).unwrap().media.muted, "the person may speak again");
    call.handle(at(7), make(ANA, BEN, Role::CoHost)).unwrap();
    assert_eq!(call.handle(at(8), mute(BEN, ANA)), Err(Rejected::NotAllowed), "the host is muted by nobody");
    call.handle(at(8), mute(BEN, CLEO)).unwrap();
    assert_eq!(connected().handle(at(9), mute(ANA, BEN)), Err(Rejected::NotNow), "two people have no host");
}

#[test]
fn a_kicked_person_stays_away_until_asked_back() {
    let mut call = talking();
    assert_eq!(call.handle(at(5), kick(BEN, CLEO)), Err(Rejected::NotAllowed));
    assert_eq!(call.handle(at(5), kick(ANA, ANA)), Err(Rejected::NotNow));
    assert_eq!(
        call.handle(at(5), kick(ANA, CLEO)),
        Ok(vec![Event::Kicked { user: user(CLEO), by: user(ANA) }])
    );
    assert_eq!(call.handle(at(5), kick(ANA, CLEO)), Ok(vec![]));
    let seat = call.record().seat(user(CLEO)).unwrap();
    assert_eq!((seat.status, seat.leave_reason), (ParticipantStatus::Kicked, Some(EndReason::Kicked)));
    assert_eq!(call.handle(at(6), join(CLEO, 31)), Err(Rejected::Kicked));
    assert_eq!(call.handle(at(6), accept(CLEO, 31)), Err(Rejected::Kicked));
    assert_eq!(call.invite(at(7), user(BEN), &[ring(CLEO)]), Err(Rejected::NotAllowed));
    call.invite(at(7), user(ANA), &[ring(CLEO)]).unwrap();
    check(&mut call, &[(8, accept(CLEO, 31))], (CallStatus::Connected, None));
    // A co-host cannot send the host away.
    call.handle(at(9), make(ANA, BEN, Role::CoHost)).unwrap();
    assert_eq!(call.handle(at(9), kick(BEN, ANA)), Err(Rejected::NotAllowed));
    call.handle(at(9), kick(ANA, BEN)).unwrap();
    assert_eq!(role(&call, BEN), Role::Participant);
}

#[test]
fn a_person_out_of_the_conversation_is_out_of_its_call_in_any_state_bug() {
    let remove = Input::Remove { user: user(BEN) };
    let late = [(1, accept(CLEO, 31)), (2, media(ANA, 11, UP)), (2, media(CLEO, 31, UP)), (60, Input::Tick)];
    let ways: [&[(i64, Input)]; 6] = [
        &[],
        &[(1, ack(BEN, 21))],
        &[(1, accept(BEN, 21)), (2, gone(BEN, 21)), (2, join(BEN, 22))],
        &[(1, accept(CLEO, 31)), (1, accept(BEN, 21)), (2, leave(BEN, 21))],
        &[(1, decline(BEN, 21))],
        &late,
    ];
    for way in ways {
        let mut call = of_three();
        for (second, input) in way {
            call.handle(at(*second), *input).unwrap();
        }
        assert_eq!(call.handle(at(61), remove), Ok(vec![Event::Removed { user: user(BEN) }]), "{way:?}");
        assert_eq!(call.handle(at(61), remove), Ok(vec![]));
        assert_eq!(status(&call, BEN), ParticipantStatus::Kicked);
        assert_eq!(call.handle(at(62), accept(BEN, 21)), Err(Rejected::Kicked));
        assert_eq!(call.handle(at(62), join(BEN, 21)), Err(Rejected::Kicked));
        assert_consistent(&call);
    }
    let mut call = talking();
    assert_eq!(call.handle(at(5), Input::Remove { user: user(EVE) }), Err(Rejected::NotInRoster));
    call.handle(at(5), make(ANA, CLEO, Role::CoHost)).unwrap();
    let events = call.handle(at(6), Input::Remove { user: user(ANA) }).unwrap();
    let heir = Event::RoleChanged { user: user(CLEO), role: Role::Host };
    assert_eq!(events, [Event::Removed { user: user(ANA) }, heir]);
    assert_eq!(role(&call, ANA), Role::Participant);
    let caller = Input::Remove { user: user(ANA) };
    check(&mut of_three(), &[(1, caller)], (CallStatus::Canceled, Some(EndReason::Canceled)));
}

#[test]
fn a_call_has_one_host() {
    let mut call = talking();
    assert_eq!(call.handle(at(5), make(BEN, CLEO, Role::CoHost)), Err(Rejected::NotAllowed));
    assert_eq!(call.handle(at(5), make(ANA, CLEO, Role::Viewer)), Err(Rejected::NotNow));
    call.handle(at(5), make(ANA, CLEO, Role::Host)).unwrap();
    assert_eq!((role(&call, ANA), role(&call, CLEO)), (Role::CoHost, Role::Host));
    assert_eq!(
        call.handle(at(6), make(ANA, BEN, Role::CoHost)),
        Err(Rejected::NotAllowed),
        "the host gives roles"
    );
    call.handle(at(7), make(CLEO, ANA, Role::Participant)).unwrap();
    assert_eq!(role(&call, ANA), Role::Participant);
}

#[test]
fn more_people_are_rung_into_a_running_call_each_for_a_minute() {
    let mut call = talking();
    call.handle(at(9), leave(CLEO, 31)).unwrap();
    let busy = Callee { user: user(EVE), reach: Reach::Busy };
    let events = call.invite(at(10), user(BEN), &[ring(DAN), ring(ANA), busy]).unwrap();
    let by = user(BEN);
    assert_eq!(
        events,
        [
            Event::Invited { user: user(DAN), by },
            Event::Invited { user: user(EVE), by },
            Event::Busy { user: user(EVE) }
        ]
    );
    assert_eq!(call.invite(at(11), user(ANA), &[ring(DAN)]), Ok(vec![]), "rings already");
    assert_eq!(call.invite(at(11), user(CLEO), &[ring(DAN)]), Err(Rejected::NotNow), "from inside only");
    assert_eq!(call.deadline(), Some(at(70)));
    check(&mut call, &[(70, Input::Tick)], (CallStatus::Connected, None));
    assert_eq!(status(&call, DAN), ParticipantStatus::Missed);
    assert_eq!(connected().invite(at(9), user(ANA), &[ring(CLEO)]), Err(Rejected::NotNow), "two are two");
}

#[test]
fn somebody_who_blocked_the_caller_counts_as_not_answering() {
    let silent = Callee { user: user(BEN), reach: Reach::Silent };
    let wish = Start { callees: vec![silent], ..start(&[], CallMode::Direct) };
    let (mut call, events) = Call::start(at(0), Rules::default(), &wish);
    assert_eq!(events, [Event::Started]);
    assert!(call.record().seat(user(BEN)).unwrap().hidden);
    check(&mut call, &[(60, Input::Tick)], (CallStatus::Missed, Some(EndReason::NoAnswer)));
}

#[test]
fn somebody_who_blocks_the_caller_while_it_rings_counts_as_not_answering_bug() {
    let silence = Input::Silence { user: user(BEN) };
    let mut call = direct();
    check(&mut call, &[(1, ack(BEN, 21))], (CallStatus::Ringing, None));
    assert_eq!(call.handle(at(2), silence), Ok(vec![Event::Silenced { user: user(BEN) }]));
    assert_eq!(call.handle(at(2), silence), Ok(vec![]));
    // Acts that are on their way from their devices tell the caller nothing.
    assert_eq!(call.handle(at(3), ack(BEN, 22)), Err(Rejected::NotInRoster));
    assert_eq!(call.handle(at(3), decline(BEN, 21)), Err(Rejected::NotInRoster));
    assert_eq!(status(&call, BEN), ParticipantStatus::Ringing);
    check(&mut call, &[(60, Input::Tick)], (CallStatus::Missed, Some(EndReason::NoAnswer)));
    assert_eq!(connected().handle(at(5), silence), Ok(vec![]), "who talks has heard");
}

#[test]
fn reach_follows_from_the_calls_that_a_person_is_in() {
    let records = |calls: &[&Call]| calls.iter().map(|call| call.record().clone()).collect::<Vec<_>>();
    let ben = |calls: &[&Call], waits| Reach::of(user(BEN), &records(calls), false, waits);
    let (rung, talks) = (direct(), connected());
    assert_eq!((ben(&[], false), ben(&[], true)), (Reach::Rings, Reach::Rings));
    assert_eq!((ben(&[&rung], false), ben(&[&rung], true)), (Reach::Busy, Reach::Busy));
    assert_eq!((ben(&[&talks], false), ben(&[&talks], true)), (Reach::Busy, Reach::Rings));
    assert_eq!(ben(&[&talks, &rung], true), Reach::Busy, "one waits at a time");
    assert_eq!(Reach::of(user(BEN), &records(&[&talks]), true, true), Reach::Silent);
}

#[test]
fn a_hidden_ring_makes_nobody_busy_bug() {
    let mut call = direct();
    call.handle(at(1), Input::Silence { user: user(BEN) }).unwrap();
    assert_eq!(Reach::of(user(BEN), &[call.record().clone()], false, false), Reach::Rings);
}

#[test]
fn a_lost_device_is_replaced_by_another_of_the_same_person() {
    let mut call = connected();
    assert_eq!(call.handle(at(10), join(BEN, 22)), Err(Rejected::HandledElsewhere));
    check(&mut call, &[(11, gone(BEN, 21)), (12, join(BEN, 22))], (CallStatus::Reconnecting, None));
    assert_eq!(call.handle(at(13), leave(BEN, 21)), Ok(vec![]), "the old one has nothing to say");
    check(&mut call, &[(14, media(BEN, 22, UP))], (CallStatus::Connected, None));
    check(&mut call, &[(100, Input::Tick)], (CallStatus::Connected, None));
    check(&mut call, &[(110, gone(BEN, 22)), (111, join(BEN, 21))], (CallStatus::Reconnecting, None));
    check(&mut call, &[(141, Input::Tick)], (CallStatus::Failed, Some(EndReason::NetworkError)));
}

#[test]
fn the_longest_duration_is_warned_of_and_kept() {
    let wish =
        Start { max_duration: Some(Duration::from_secs(7_200)), ..start(&[(BEN, false)], CallMode::Direct) };
    let mut call = Call::start(at(0), Rules::default(), &wish).0;
    let script = [(1, accept(BEN, 21)), (3, media(ANA, 11, UP)), (3, media(BEN, 21, UP))];
    check(&mut call, &script, (CallStatus::Connected, None));
    let (warning, end) = (3 + 7_200 - FIVE_MINUTES, 3 + 7_200);
    assert_eq!(call.deadline(), Some(at(warning)));
    assert_eq!(call.handle(Timestamp(warning * 1_000 - 1), Input::Tick), Ok(vec![]));
    assert_eq!(call.handle(at(warning), Input::Tick), Ok(vec![Event::EndingSoon]));
    assert_eq!(call.handle(at(warning), Input::Tick), Ok(vec![]), "said once");
    assert_eq!(call.handle(Timestamp(end * 1_000 - 1), Input::Tick), Ok(vec![]));
    check(&mut call, &[(end, Input::Tick)], (CallStatus::Ended, Some(EndReason::MaxDuration)));
    assert_eq!(call.record().duration_seconds(), Some(7_200));
}
