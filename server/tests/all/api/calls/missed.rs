//! `GET /api/calls/missed` and `POST /api/calls/seen`: one number for all of a person's tabs

use crate::support::{Database, Person, TestApp, on_both};
use parley_protocol::{ServerNotice, rest::MissedCalls};
use std::time::Duration;

on_both!(what_nobody_answered_is_missed_until_it_is_seen_in_any_tab);

async fn missed(person: &Person<'_>) -> u32 {
    person.get("/api/calls/missed").await.ok::<MissedCalls>().count
}

async fn see(person: &Person<'_>) {
    person.post("/api/calls/seen", &()).await.is_empty();
}

async fn what_nobody_answered_is_missed_until_it_is_seen_in_any_tab(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, mut one, mut two) = (ana.device().await, ben.device().await, ben.device().await);
    assert_eq!(missed(&ben).await, 0);
    for count in 1..=2 {
        test.clock.advance(Duration::from_secs(1));
        let call = ana.start(conversation.id, &a).await;
        ana.finish("cancel", call.id, &a).await;
        assert_eq!((missed(&ben).await, missed(&ana).await), (count, 0), "who calls has missed nothing");
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

    // Declined and answered calls are no news.
    test.clock.advance(Duration::from_secs(1));
    let call = ana.start(conversation.id, &a).await;
    ben.finish("decline", call.id, &one).await;
    assert_eq!(missed(&ben).await, 0);
    // What began before the look and came to nothing after it has not been seen.
    let call = ana.start(conversation.id, &a).await;
    see(&ben).await;
    test.clock.advance(Duration::from_secs(1));
    ana.finish("cancel", call.id, &a).await;
    assert_eq!(missed(&ben).await, 1);
}
