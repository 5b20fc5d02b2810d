//! Draining: a server that is told to stop tells its sockets to go elsewhere, begins nothing new, and ends no
//! call.

use crate::support::{Device, TestApp};
use parley_protocol::{
    ErrorCode, ServerNotice,
    call::{CallStatus, MediaState},
};

#[tokio::test]
async fn a_draining_server_keeps_its_calls_and_begins_nothing() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let cleo = test.guest("Cleo").await;
    let hers = test.befriend(&cleo, &ana).await;
    let (mut a, mut b, c) = (ana.device().await, ben.device().await, cleo.device().await);
    let call = ana.start(conversation.id, &a).await;
    b.incoming().await;
    a.drain().await;
    test.app.drain();
    for device in [&mut a, &mut b] {
        while device.notice().await != (ServerNotice::Draining {}) {}
    }
    cleo.try_start(hers.id, c.id).await.refused(503, ErrorCode::Unavailable);
    assert_eq!(cleo.socket_status().await, 503);
    // A call that has begun goes on.
    ben.accept(call.id, &b).await;
    a.media(call.id, MediaState::Connected).await;
    b.media(call.id, MediaState::Connected).await;
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Connected);
    test.app.stop();
    assert_eq!(a.closed().await, Some(1_012));
    assert_eq!(b.closed().await, Some(1_012));
    let again = [&a, &b].map(|device| device.has_noticed(&ServerNotice::Draining {}));
    assert_eq!(again, [false; 2], "it was told before");
}

#[tokio::test]
async fn a_device_is_told_of_a_stop_without_a_drain_bug() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let (mut a, mut silent) = (ana.device().await, Device::silent(&ana).await);
    test.app.stop();
    assert_eq!(a.closed().await, Some(1_012));
    assert!(a.has_noticed(&ServerNotice::Draining {}));
    assert_eq!(silent.closed().await, Some(1_012));
    assert!(silent.no_notice(), "nothing goes before hello");
}
