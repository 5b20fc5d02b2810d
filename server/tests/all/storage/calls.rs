//! Calls: they are read as they were written, and concurrent writers are detected.

use super::{NOW, person};
use crate::support::{Database, on_both};
use parley_core::call::{Call, Callee, Event, Input, Reach, Rules, Seat, Start};
use parley_protocol::{
    CallId, ConversationId, DeviceId, Timestamp,
    call::{CallMode, CallType, Engine, MediaChange, MediaState, OwnMedia},
    limits::CALL_LOG_MAX,
    people::{ConversationStatus, Plan},
};
use parley_server::storage::{CallFilter, NewDirect, NewGroup, Store, StoreError};
use std::time::Duration;
use uuid::Uuid;

#[path = "../../../../core/tests/pair/chance.rs"]
mod chance;

use chance::Chance;

on_both!(a_stored_call_reads_back_unchanged two_calls_at_once_read_back_unchanged the_later_of_two_writers_loses a_conversation_has_one_live_call deadlines_are_found_in_order the_newest_lines_of_a_long_log_are_returned_bug);

fn device() -> DeviceId {
    DeviceId(Uuid::now_v7())
}

async fn setup(database: &Database) -> (Store, Start) {
    let store = Store::open(&database.url()).await.unwrap();
    let (ana, ben) = (person(&store, "Ana").await, person(&store, "Ben").await);
    let conversation_id = ConversationId(Uuid::now_v7());
    let status = ConversationStatus::Accepted;
    let new = NewDirect { id: conversation_id, started_by: ana, with: ben, status };
    let write = store.write().await.unwrap();
    write.insert_direct(&new, NOW).await.unwrap();
    write.commit().await.unwrap();
    let start = Start {
        id: CallId(Uuid::now_v7()),
        conversation_id,
        call_type: CallType::Video,
        mode: CallMode::Direct,
        user: ana,
        device: device(),
        media: OwnMedia { muted: true, video: true, ..OwnMedia::default() },
        callees: vec![Callee { user: ben, reach: Reach::Rings }],
        engine: Engine::P2p,
        capacity: 8,
        plan: Plan::Pro,
        max_duration: Some(std::time::Duration::from_secs(7_200)),
    };
    (store, start)
}

async fn insert(store: &Store, start: &Start) -> Call {
    let (call, events) = Call::start(NOW, Rules::default(), start);
    let write = store.write().await.unwrap();
    write.insert_call(call.record(), call.deadline(), &events).await.unwrap();
    write.commit().await.unwrap();
    call
}

/// Applies an input, saves the call and checks that it reads back unchanged.
async fn step(store: &Store, call: &mut Call, now: Timestamp, input: Input) {
    let old = call.record().clone();
    let events = call.handle(now, input).unwrap();
    assert!(!events.is_empty());
    let write = store.write().await.unwrap();
    assert!(write.save_call(&old, call.record(), call.deadline(), now, &events).await.unwrap());
    write.commit().await.unwrap();
    let stored = store.call(old.id).await.unwrap().unwrap();
    assert_eq!(&stored, call.record(), "after {input:?}");
}

/// Does the same as [`step`], unless the input is refused or changes nothing.
async fn maybe_step(store: &Store, call: &mut Call, now: Timestamp, input: Input) {
    if call.clone().handle(now, input).is_ok_and(|events| !events.is_empty()) {
        step(store, call, now, input).await;
    }
}

async fn a_stored_call_reads_back_unchanged(database: Database) {
    let (store, start) = setup(&database).await;
    let mut call = insert(&store, &start).await;
    assert_eq!(store.call(start.id).await.unwrap().as_ref(), Some(call.record()));
    let (ana, ben) = (start.user, start.callees[0].user);
    let (one, two) = (device(), device());
    let media = OwnMedia { muted: false, video: false, ..OwnMedia::default() };
    let later = |ms| Timestamp(NOW.0 + ms);
    let connected = MediaState::Connected;
    for (n, input) in [
        Input::RingAck { user: ben, device: one },
        Input::RingAck { user: ben, device: two },
        Input::Accept { user: ben, device: two, media },
        Input::Media { user: ana, device: start.device, state: connected },
        Input::Media { user: ben, device: two, state: connected },
        Input::Media { user: ben, device: two, state: MediaState::Lost },
        Input::SocketGone { user: ana, device: start.device },
        Input::Update { user: ben, device: two, change: start.media.into() },
    ]
    .into_iter()
    .enumerate()
    {
        step(&store, &mut call, later(i64::try_from(n).unwrap()), input).await;
        assert_eq!(store.live_calls_of(ben).await.unwrap(), [call.record().clone()]);
    }
    assert_eq!(store.live_calls_in(&[start.conversation_id]).await.unwrap().len(), 1);
    let all = CallFilter::default();
    assert!(store.past_calls_of(ben, &all, None, 9).await.unwrap().is_empty());
    step(&store, &mut call, later(90_000), Input::End { user: ana }).await;
    assert!(store.live_calls_of(ben).await.unwrap().is_empty());
    assert!(store.all_live_calls().await.unwrap().is_empty());
    assert_eq!(store.past_calls_of(ana, &all, None, 9).await.unwrap(), [call.record().clone()]);
    let log: Vec<_> = store.call_log(start.id).await.unwrap();
    let words: Vec<&str> = log.iter().map(|line| line.event.as_str()).collect();
    let expected = [
        "started",
        "ringing",
        "ringing",
        "accepted",
        "media_connected",
        "media_connected",
        "media_lost",
        "socket_gone",
        "updated",
        "left",
        "over",
    ];
    assert_eq!(words, expected);
    assert_eq!((log[1].user_id, log[1].at), (Some(ben), later(0)));
}

/// Runs random programs of two calls of the same people, and checks that each call reads back as it was
/// decided.
async fn two_calls_at_once_read_back_unchanged(database: Database) {
    let (store, direct) = setup(&database).await;
    let (ana, ben) = (direct.user, direct.callees[0].user);
    let people = [ana, ben, person(&store, "Cleo").await];
    let group = NewGroup { id: ConversationId(Uuid::now_v7()), name: "Us".to_owned(), owner: ana };
    let write = store.write().await.unwrap();
    write.insert_group(&group, NOW).await.unwrap();
    write.commit().await.unwrap();
    let tabs = people.map(|_| device());
    for seed in 0..60 {
        println!("seed {seed}");
        let mut chance = Chance::new(seed);
        let reach = |chance: &mut Chance| {
            chance.pick(&[Reach::Rings, Reach::Rings, Reach::Rings, Reach::Busy, Reach::Silent])
        };
        let one = Start { id: CallId(Uuid::now_v7()), device: tabs[0], ..direct.clone() };
        let callees = [people[0], people[2]].map(|user| Callee { user, reach: reach(&mut chance) }).to_vec();
        let other = Start {
            id: CallId(Uuid::now_v7()),
            conversation_id: group.id,
            mode: CallMode::Group,
            user: ben,
            device: tabs[1],
            callees,
            ..direct.clone()
        };
        let mut calls = [insert(&store, &one).await, insert(&store, &other).await];
        let mut now = NOW;
        for _ in 0..40 {
            now = now + Duration::from_millis(chance.pick(&[0, 0, 0, 1, 1, 500, 500, 15_000]));
            let call = &mut calls[usize::try_from(chance.below(2)).unwrap()];
            let n = usize::try_from(chance.below(3)).unwrap();
            let (user, by) = (people[n], chance.pick(&[ana, ben, ben, ben]));
            let device = if chance.percent(90) { tabs[n] } else { device() };
            let media = OwnMedia { muted: chance.percent(50), hand: chance.percent(50), ..direct.media };
            let input = match chance.below(18) {
                0 => Input::RingAck { user, device },
                1..=3 => Input::Accept { user, device, media },
                4 | 5 if call.record().mode == CallMode::Group => Input::Join { user, device, media },
                6 => Input::Decline { user, device },
                7 => Input::Leave { user, device },
                8 | 9 => Input::Media { user, device, state: MediaState::Connected },
                10 => Input::Update { user, device, change: media.into() },
                11 | 15 | 16 => Input::Mute { by, user },
                12 => Input::Silence { user },
                13 if chance.percent(30) => Input::Remove { user },
                14 => Input::SocketGone { user, device },
                _ => Input::Tick,
            };
            maybe_step(&store, call, now, input).await;
            // The machine is restored from its record alone, as after a restart.
            let stored = store.call(call.record().id).await.unwrap().unwrap();
            *call = Call::restore(stored, Rules::default());
            for user in people {
                let open = |seat: &Seat| !seat.hidden && (seat.is_pending() || seat.status.is_in());
                let mut expected: Vec<_> = calls.iter().map(Call::record).collect();
                expected.retain(|record| record.seat(user).is_some_and(open));
                let mut found = store.live_calls_of(user).await.unwrap();
                found.sort_by_key(|record| record.id != one.id);
                assert_eq!(found.iter().collect::<Vec<_>>(), expected);
            }
        }
        for call in &mut calls {
            for user in people {
                maybe_step(&store, call, now, Input::Remove { user }).await;
            }
            assert!(!call.record().status.is_live());
        }
    }
}

async fn the_later_of_two_writers_loses(database: Database) {
    let (store, start) = setup(&database).await;
    let first = insert(&store, &start).await;
    let old = first.record().clone();
    let ben = start.callees[0].user;
    let mut one = Call::restore(old.clone(), Rules::default());
    let mut two = Call::restore(old.clone(), Rules::default());
    let accept = Input::Accept { user: ben, device: device(), media: OwnMedia::default() };
    let accepted = one.handle(NOW, accept).unwrap();
    let declined = two.handle(NOW, Input::Decline { user: ben, device: device() }).unwrap();
    let write = store.write().await.unwrap();
    assert!(write.save_call(&old, one.record(), one.deadline(), NOW, &accepted).await.unwrap());
    write.commit().await.unwrap();
    let write = store.write().await.unwrap();
    assert!(!write.save_call(&old, two.record(), two.deadline(), NOW, &declined).await.unwrap());
    write.commit().await.unwrap();
    assert_eq!(store.call(start.id).await.unwrap().as_ref(), Some(one.record()));
    assert_eq!(store.call_log(start.id).await.unwrap().len(), 2);
}

async fn a_conversation_has_one_live_call(database: Database) {
    let (store, start) = setup(&database).await;
    let mut first = insert(&store, &start).await;
    let again = Start { id: CallId(Uuid::now_v7()), ..start.clone() };
    let (call, events) = Call::start(NOW, Rules::default(), &again);
    let write = store.write().await.unwrap();
    let refused = write.insert_call(call.record(), call.deadline(), &events).await;
    assert!(matches!(refused, Err(StoreError::Taken)));
    drop(write);
    let cancel = Input::Cancel { user: start.user, device: start.device };
    step(&store, &mut first, NOW, cancel).await;
    insert(&store, &again).await;
    let write = store.write().await.unwrap();
    write.lock_users(&[start.user]).await.unwrap();
    assert_eq!(write.live_calls_of(&[start.user]).await.unwrap().len(), 1);
}

async fn deadlines_are_found_in_order(database: Database) {
    let (store, start) = setup(&database).await;
    assert_eq!(store.next_deadline().await.unwrap(), None);
    let mut call = insert(&store, &start).await;
    let ring = NOW + Duration::from_secs(60);
    assert_eq!(store.next_deadline().await.unwrap(), Some(ring));
    assert!(store.calls_due(Timestamp(ring.0 - 1), 9).await.unwrap().is_empty());
    assert_eq!(store.calls_due(ring, 9).await.unwrap(), [start.id]);
    let gone = Input::SocketGone { user: start.user, device: start.device };
    step(&store, &mut call, NOW, gone).await;
    assert_eq!(store.next_deadline().await.unwrap(), Some(NOW + Duration::from_secs(15)));
    step(&store, &mut call, NOW, Input::End { user: start.user }).await;
    assert_eq!(store.next_deadline().await.unwrap(), None);
    assert!(
        matches!(store.call_log(start.id).await.unwrap().last(), Some(line) if line.event == Event::Over { reason: parley_protocol::call::EndReason::Canceled }.name())
    );
}

async fn the_newest_lines_of_a_long_log_are_returned_bug(database: Database) {
    let (store, start) = setup(&database).await;
    let mut call = insert(&store, &start).await;
    let (ana, device) = (start.user, start.device);
    for hand in [true, false] {
        let old = call.record().clone();
        let change = MediaChange { hand: Some(hand), ..MediaChange::default() };
        let events = call.handle(NOW, Input::Update { user: ana, device, change }).unwrap();
        let many = events.repeat(CALL_LOG_MAX / 2);
        let write = store.write().await.unwrap();
        assert!(write.save_call(&old, call.record(), call.deadline(), NOW, &many).await.unwrap());
        write.commit().await.unwrap();
    }
    step(&store, &mut call, NOW, Input::End { user: ana }).await;
    let log = store.call_log(start.id).await.unwrap();
    assert_eq!(log.len(), CALL_LOG_MAX);
    assert_eq!((log[0].event.as_str(), log[CALL_LOG_MAX - 1].event.as_str()), ("updated", "over"));
}
