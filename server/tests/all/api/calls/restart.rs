//! Calls across a server that stops and starts again.

use crate::support::{Database, Device, Person, TestApp, on_both};
use parley_protocol::{
    DeviceId,
    call::{CallStatus, EndReason, MediaState},
    rest::SignedIn,
};
use std::time::Duration;

on_both!(a_call_goes_on_when_its_devices_return_in_time the_restart_is_the_end_reason_when_nobody_returns a_device_that_does_not_return_has_left a_deadline_that_passed_while_the_server_was_down_counts);

const MS: Duration = Duration::from_millis(1);
const GRACE: Duration = Duration::from_secs(30);

/// The state that the two pages keep while the server is gone.
struct Memory {
    ana: SignedIn,
    ben: SignedIn,
    a: DeviceId,
    b: DeviceId,
}

/// Connects a call, then stops the server.
async fn connected(test: &TestApp) -> (Memory, parley_protocol::CallId) {
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    a.media(call.id, MediaState::Connected).await;
    b.media(call.id, MediaState::Connected).await;
    test.stop().await;
    assert_eq!(a.closed().await, Some(1_012), "told to come back");
    (Memory { ana: ana.signed, ben: ben.signed, a: a.id, b: b.id }, call.id)
}

async fn a_call_goes_on_when_its_devices_return_in_time(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (memory, call) = connected(&test).await;
    test.clock.advance(GRACE * 10);
    let test = test.restart().await;
    let (ana, ben) = (Person::new(&test, memory.ana), Person::new(&test, memory.ben));
    test.advance(GRACE - MS).await;
    let a = Device::hello(&ana, Some(memory.a)).await;
    let mut b = Device::hello(&ben, Some(memory.b)).await;
    assert_eq!((a.id, b.id), (memory.a, memory.b));
    b.drain().await;
    test.advance(GRACE * 10).await;
    let details = ana.details(call).await;
    assert_eq!(details.call.status, CallStatus::Connected);
    let log: Vec<String> = details.events.into_iter().map(|line| line.event).collect();
    assert!(log.ends_with(&["socket_gone", "socket_gone", "socket_back", "socket_back"].map(String::from)));
}

async fn a_device_that_does_not_return_has_left(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (memory, call) = connected(&test).await;
    let test = test.restart().await;
    let ana = Person::new(&test, memory.ana);
    let mut a = Device::hello(&ana, Some(memory.a)).await;
    test.advance(GRACE - MS).await;
    assert_eq!(ana.details(call).await.call.status, CallStatus::Connected);
    a.drain().await;
    test.advance(MS).await;
    let over = ana.details(call).await.call;
    assert_eq!((over.status, over.end_reason), (CallStatus::Failed, Some(EndReason::NetworkError)));
    assert_eq!(a.heard().await, ["call.failed"]);
}

async fn the_restart_is_the_end_reason_when_nobody_returns(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (memory, call) = connected(&test).await;
    test.clock.advance(GRACE * 10);
    let test = test.restart().await;
    test.advance(GRACE).await;
    let over = Person::new(&test, memory.ana).details(call).await.call;
    // A server among several is not the only one that holds sockets, so that a lost socket is no sign of a
    // restart.
    let reason =
        if test.app.config.redis_url.is_none() { EndReason::ServerRestart } else { EndReason::NetworkError };
    assert_eq!((over.status, over.end_reason), (CallStatus::Failed, Some(reason)));
}

async fn a_deadline_that_passed_while_the_server_was_down_counts(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, _ben, conversation) = test.friends().await;
    let a = ana.device().await;
    let call = ana.start(conversation.id, &a).await;
    let signed = ana.signed.clone();
    test.stop().await;
    test.clock.advance(Duration::from_secs(61));
    let test = test.restart().await;
    let ana = Person::new(&test, signed);
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Missed);
}

#[tokio::test]
async fn an_unreadable_call_does_not_keep_the_server_from_starting_bug() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    test.sql("UPDATE calls SET call_type = 'smell'").await;
    let test = test.restart().await;
    test.guest("Cleo").await;
}
