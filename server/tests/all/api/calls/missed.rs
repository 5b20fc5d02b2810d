//! `GET /api/calls/missed` and `POST /api/calls/seen`: one count for all tabs of a person.

use crate::support::{Database, Person, TestApp, on_both};
use parley_protocol::{ServerNotice, call::ParticipantStatus, rest::MissedCalls};
use std::time::Duration;

on_both!(an_unanswered_call_is_missed_until_any_tab_has_seen_it a_group_call_that_went_on_without_a_member_is_missed_bug);

async fn missed(person: &Person<'_>) -> u32 {
    person.get("/api/calls/missed").await.ok::<MissedCalls>().count
}

async fn see(person: &Person<'_>) {
    person.post("/api/calls/seen", &()).await.is_empty();
}

async fn an_unanswered_call_is_missed_until_any_tab_has_seen_it(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, mut one, mut two) = (ana.device().await, ben.device().await, ben.device().await);
    assert_eq!(missed(&ben).await, 0);
    for count in 1..=2 {
        test.clock.advance(Duration::from_secs(1));
        let call = ana.start(conversation.id, &a).await;
        ana.finish("cancel", call.id, &a).await;
        assert_eq!((missed(&ben).await, missed(&ana).await), (count, 0), "the caller has missed nothing");
    }
    one.drain().await;
    two.drain().await;
    see(&ben).await;
    for tab in [&mut one, &mut two] {
        while tab.notice().await != (ServerNotice::CallsSeen {}) {}
    }
    assert_eq!(missed(&ben).await, 0);
    see(&ben).await;
    one.drain().await;
    assert!(!one.has_noticed(&ServerNotice::CallsSeen {}), "there was nothing more to see");

    // A declined call is not missed.
    test.clock.advance(Duration::from_secs(1));
    let call = ana.start(conversation.id, &a).await;
    ben.finish("decline", call.id, &one).await;
    assert_eq!(missed(&ben).await, 0);
    // A call that still rings when the list is seen is missed later, and has not been seen.
    let call = ana.start(conversation.id, &a).await;
    see(&ben).await;
    test.clock.advance(Duration::from_secs(1));
    ana.finish("cancel", call.id, &a).await;
    assert_eq!(missed(&ben).await, 1);
}

async fn a_group_call_that_went_on_without_a_member_is_missed_bug(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let (dan, eve) = (test.guest("Dan").await, test.guest("Eve").await);
    let group = test.group("Choir", &[&ana, &ben, &cleo, &dan]).await;
    let with_eve = test.befriend(&dan, &eve).await;
    let (a, b, c) = (ana.device().await, ben.device().await, cleo.device().await);
    let other = eve.start(with_eve.id, &eve.device().await).await;
    dan.accept(other.id, &dan.device().await).await;

    let call = ana.start(group.id, &a).await;
    ben.accept(call.id, &b).await;
    cleo.finish("decline", call.id, &c).await;
    ana.invite(call.id, &[&cleo]).await.ok::<parley_protocol::call::Call>();
    test.clock.advance(Duration::from_secs(1));
    assert_eq!((missed(&cleo).await, missed(&dan).await), (0, 0), "it goes on, and they may still join");
    ana.finish("end", call.id, &a).await;
    let over = ana.details(call.id).await.call;
    let status = |of: &Person<'_>| over.participant(of.id()).unwrap().status;
    assert_eq!((status(&cleo), status(&dan)), (ParticipantStatus::Missed, ParticipantStatus::Busy));
    let counts = [missed(&ana).await, missed(&ben).await, missed(&cleo).await, missed(&dan).await];
    assert_eq!(counts, [0, 0, 1, 1]);
    see(&cleo).await;
    assert_eq!((missed(&cleo).await, missed(&dan).await), (0, 1));

    // A person who declined knows of the call, however it ended.
    test.clock.advance(Duration::from_secs(1));
    let call = ana.start(group.id, &a).await;
    cleo.finish("decline", call.id, &c).await;
    ana.finish("cancel", call.id, &a).await;
    assert_eq!((missed(&ben).await, missed(&cleo).await), (1, 0));
}
