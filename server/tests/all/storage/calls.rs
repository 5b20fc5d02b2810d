//! Calls: what comes out is what went in, and two who write at once are noticed.

use super::{NOW, person};
use crate::support::{Database, on_both};
use parley_core::call::{Call, Callee, Event, Input, Reach, Rules, Start};
use parley_protocol::{
    CallId, ConversationId, DeviceId, Timestamp,
    call::{CallMode, CallType, Engine, MediaChange, MediaState, OwnMedia},
    limits::CALL_LOG_MAX,
    people::ConversationStatus,
};
use parley_server::storage::{CallFilter, NewDirect, Store, StoreError};
use std::time::Duration;
use uuid::Uuid;

on_both!(a_call_survives_the_journey the_later_of_two_writers_loses one_live_call_in_a_conversation deadlines_are_found_in_order of_a_long_log_the_newest_is_told_bug);

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

async fn a_call_survives_the_journey(database: Database) {
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

async fn one_live_call_in_a_conversation(database: Database) {
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

async fn of_a_long_log_the_newest_is_told_bug(database: Database) {
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
