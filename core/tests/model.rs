//! Property tests of the call machine against a plain model of its rules: random programs of people, devices,
//! lost and repeated requests, restarts and jumps of the clock.
//!
//! Every run derives from a seed, which is printed when the run fails. `PARLEY_SEED=42 cargo test -p
//! parley-core --test model` repeats that run alone and prints each step.

#[path = "pair/chance.rs"]
mod chance;
#[path = "model/reference.rs"]
mod reference;
#[path = "pair/seeds.rs"]
mod seeds;
#[path = "model/several.rs"]
mod several;

use chance::Chance;
use parley_core::{
    call::{Call, Callee, Input, Reach, Rejected, Rules, Start},
    time::{Duration, Timestamp},
};
use parley_protocol::{
    CallId, ConversationId, DeviceId, UserId,
    call::{CallMode, CallType, Engine, MediaChange, MediaState, OwnMedia, Role},
    people::Plan,
};
use reference::Reference;

const STEPS: u64 = 80;
/// The numbers of the people. The last of them is never called at the start.
const PEOPLE: [u64; 6] = [1, 2, 3, 4, 5, 6];
/// Pauses between steps, chosen around the deadlines of a call.
const PAUSES_MS: [i64; 12] = [0, 0, 1, 500, 4_000, 14_999, 15_001, 29_000, 30_000, 59_999, 299_999, 300_000];
const ROLES: [Role; 4] = [Role::Host, Role::CoHost, Role::Participant, Role::Viewer];

#[test]
fn the_machine_and_the_rules_agree() {
    seeds::each(run);
}

fn run(seed: u64, told: bool) {
    let mut chance = Chance::new(seed);
    let start = start(&mut chance);
    let mut now = 0;
    let rules = Rules::default();
    let mut call = Call::start(Timestamp(now), rules, &start).0;
    let mut model = Reference::start(now, &start);
    compare(&call, &model);
    for _ in 0..STEPS {
        now = later(&mut chance, now, &model);
        let what = step(&mut chance, start.mode);
        if told {
            eprintln!("{now:>8} {what:?}");
        }
        // A request may be lost, and may arrive twice.
        let copies = if chance.percent(5) { 0 } else { 1 + u64::from(chance.percent(10)) };
        for _ in 0..copies {
            let (said, expected) = match &what {
                Step::Input(input) => (call.handle(Timestamp(now), *input), model.step(now, *input)),
                Step::Invite(by, callees) => {
                    (call.invite(Timestamp(now), *by, callees), model.invite(now, *by, callees))
                }
                Step::Restart => {
                    call = Call::restore(call.record().clone(), rules);
                    (Ok(Vec::new()), Ok(false))
                }
            };
            assert_eq!(said.map(|events| !events.is_empty()), expected, "{what:?}");
            compare(&call, &model);
        }
    }
    finish(now, call, model);
}

/// Drops every socket and lets time alone bring the call to its end, which must be its only one.
fn finish(mut now: i64, mut call: Call, mut model: Reference) {
    let seats = call.record().participants.clone();
    for seat in seats {
        let Some(device) = seat.device_id else { continue };
        let gone = Input::SocketGone { user: seat.user_id, device };
        let said = call.handle(Timestamp(now), gone).map(|events| !events.is_empty());
        assert_eq!(said, model.step(now, gone));
    }
    while let Some(due) = model.due() {
        now = now.max(due);
        assert_eq!(model.step(now, Input::Tick), Ok(true), "a tick without effect would repeat for ever");
        assert!(!call.handle(Timestamp(now), Input::Tick).expect("it lives").is_empty());
        compare(&call, &model);
    }
    assert!(!model.live() && !call.record().status.is_live());
    let before = call.record().clone();
    assert_eq!(call.handle(Timestamp(now + 1), Input::Tick), Err(Rejected::Over));
    assert_eq!(call.record(), &before, "there is one terminal status");
}

/// Checks that the machine and the model agree on the state of the call and of each participant.
#[track_caller]
fn compare(call: &Call, model: &Reference) {
    let record = call.record();
    assert_eq!((record.status, record.end_reason), (model.status, model.reason));
    assert_eq!(call.deadline().map(Timestamp::as_millis), model.due(), "{record:#?}");
    assert_eq!(record.participants.len(), model.people.len());
    for (seat, person) in record.participants.iter().zip(&model.people) {
        let seen = (seat.user_id, seat.status, seat.role, seat.device_id, seat.media);
        assert_eq!(seen, (person.id, person.is, person.role, person.device, person.media));
        assert_eq!((seat.mutes, seat.hidden), (person.mutes, person.hidden), "{seat:?}");
    }
}

/// One step of a random program.
#[derive(Debug)]
enum Step {
    Input(Input),
    Invite(UserId, Vec<Callee>),
    /// A restart of the server: the machine is restored from its record alone.
    Restart,
}

/// Chooses the time of the next step: often exactly a deadline, or the millisecond before it.
fn later(chance: &mut Chance, now: i64, model: &Reference) -> i64 {
    match (chance.below(4), model.due()) {
        (0, Some(due)) => now.max(due),
        (1, Some(due)) => now.max(due - 1),
        _ => now + chance.pick(&PAUSES_MS),
    }
}

fn start(chance: &mut Chance) -> Start {
    let group = chance.percent(60);
    let callees = if group { 1 + chance.below(4) } else { 1 };
    Start {
        id: CallId(uuid(100)),
        conversation_id: ConversationId(uuid(200)),
        call_type: CallType::Video,
        mode: if group { CallMode::Group } else { CallMode::Direct },
        engine: Engine::P2p,
        user: UserId(uuid(1)),
        device: DeviceId(uuid(11)),
        media: OwnMedia::default(),
        callees: (0..callees).map(|n| Callee { user: UserId(uuid(n + 2)), reach: reach(chance) }).collect(),
        capacity: if group { 3 } else { 2 },
        plan: Plan::Free,
        max_duration: chance.percent(30).then(|| Duration::from_secs(400)),
    }
}

fn reach(chance: &mut Chance) -> Reach {
    match chance.below(100) {
        0..15 => Reach::Busy,
        15..25 => Reach::Silent,
        _ => Reach::Rings,
    }
}

fn step(chance: &mut Chance, mode: CallMode) -> Step {
    let n = chance.pick(&PEOPLE);
    let (user, by) = (UserId(uuid(n)), UserId(uuid(chance.pick(&PEOPLE))));
    // Most steps use a person's first device.
    let device = DeviceId(uuid(n * 10 + 1 + u64::from(chance.percent(20))));
    let (muted, hand) = (chance.percent(50), chance.percent(50));
    let media = OwnMedia { muted, ..OwnMedia::default() };
    Step::Input(match chance.below(28) {
        0 | 1 => Input::RingAck { user, device },
        2..=5 => Input::Accept { user, device, media },
        // In a direct conversation the server lets nobody else reach the call.
        6..=8 if mode == CallMode::Group || n <= 2 => Input::Join { user, device, media },
        9 => Input::Decline { user, device },
        10 => Input::Leave { user, device },
        11 => Input::Cancel { user, device },
        12 if chance.percent(30) => Input::End { user },
        13..=15 => Input::Media { user, device, state: MediaState::Connected },
        16 => Input::Media { user, device, state: MediaState::Lost },
        17 => {
            let own = MediaChange { muted: Some(muted), hand: Some(hand), ..MediaChange::default() };
            Input::Update { user, device, change: own }
        }
        18 => Input::Mute { by, user },
        19 => Input::Kick { by, user },
        20 => Input::SetRole { by, user, role: chance.pick(&ROLES) },
        21 => Input::SocketGone { user, device },
        22 => Input::SocketBack { user, device },
        23 => return Step::Invite(by, vec![Callee { user, reach: reach(chance) }]),
        24 => return Step::Restart,
        25 if chance.percent(40) => Input::Remove { user },
        26 => Input::Silence { user },
        _ => Input::Tick,
    })
}

fn uuid<T: std::str::FromStr<Err: std::fmt::Debug>>(n: u64) -> T {
    format!("00000000-0000-0000-0000-{n:012}").parse().expect("a uuid")
}
