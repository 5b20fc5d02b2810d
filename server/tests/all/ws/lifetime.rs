//! The lifetime of a socket.

use crate::support::{Device, TestApp, eventually};
use parley_protocol::ClientMessage;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_silent_socket_is_dead_and_a_pinging_one_is_not() {
    let limit = Duration::from_millis(1_000);
    let test = TestApp::with(|config| config.socket_dead = limit).await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let since = Instant::now();
    let (mut silent, mut lively) = (ana.device().await, ben.device().await);
    let closing = silent.closed();
    tokio::pin!(closing);
    // Each pong triggers the next ping, so that this socket is never silent.
    let code = loop {
        tokio::select! {
            code = &mut closing => break code,
            messages = lively.drain() => assert!(messages.is_empty()),
        }
    };
    assert_eq!(code, Some(4_008));
    assert!(since.elapsed() >= limit);
    lively.send(&ClientMessage::Ping).await;
}

#[tokio::test]
async fn a_dead_socket_is_noticed_by_its_call() {
    let test = TestApp::with(|config| config.socket_dead = Duration::from_millis(100)).await;
    let (ana, ben, conversation) = test.friends().await;
    let mut a = ana.device().await;
    let call = ana.start(conversation.id, &a).await;
    a.closed().await;
    // The task of the socket notifies the call after the socket has closed.
    eventually(async || ben.details(call.id).await.events.iter().any(|line| line.event == "socket_gone"))
        .await;
}

/// Guards against a seat that keeps a device for ever, because the tab vanished before the server could
/// welcome it.
#[tokio::test]
async fn a_tab_that_vanishes_before_its_welcome_is_noticed_by_its_call_bug() {
    let test = TestApp::new().await;
    let (ana, _, conversation) = test.friends().await;
    let a = ana.device().await;
    let call = ana.start(conversation.id, &a).await;
    Device::hello_and_vanish(&ana, a.id).await;
    eventually(async || !test.app.hub.is_connected(ana.id(), a.id)).await;
    eventually(async || ana.details(call.id).await.events.iter().any(|line| line.event == "socket_gone"))
        .await;
}
