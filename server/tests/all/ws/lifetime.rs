//! How long a socket lives.

use crate::support::TestApp;
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
    // Each pong is the reason for the next ping, so that the lively one is never silent.
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
    // The task of the socket tells the call after it has closed.
    let events = loop {
        let events = ben.details(call.id).await.events;
        if events.len() > 1 {
            break events;
        }
    };
    assert_eq!(events[1].event, "socket_gone");
}
