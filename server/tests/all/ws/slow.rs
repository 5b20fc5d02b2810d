//! Slow sockets: one that does not read holds up nobody, and uses bounded memory.

use crate::support::{Device, TestApp};
use parley_protocol::{
    MessageId, ServerMessage,
    people::{Message, MessageContent},
};
use parley_server::cluster::delivery::Audience;
use uuid::Uuid;

/// Far more frames than fit into the queue of a socket and the buffers of the network.
const FRAMES_MAX: usize = 5_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_does_not_read_is_closed_and_may_return() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (slow, mut quick) = (ben.device().await, ben.device().await);
    let message = |length: usize| ServerMessage::MessageCreated {
        message: Message {
            id: MessageId(Uuid::now_v7()),
            conversation_id: conversation.id,
            sender_id: ana.id(),
            content: MessageContent::Text { text: "x".repeat(length) },
            created_at: test.now(),
        },
    };
    let large = message(60_000);
    let to_slow = || vec![Audience::Device { user: ben.id(), device: slow.id }];
    let mut sent = 0;
    while test.app.hub.is_connected(ben.id(), slow.id) {
        test.app.publish(to_slow(), &large);
        sent += 1;
        assert!(sent < FRAMES_MAX, "it is never sent away");
        tokio::task::yield_now().await;
    }
    assert!(quick.drain().await.is_empty(), "nobody else feels it");
    let (mut back, resumed) = Device::resume(&ben, slow.id, slow.heard).await;
    assert!(!resumed, "it missed more than is kept");
    let small = message(1);
    test.app.publish(to_slow(), &small);
    assert_eq!(back.drain().await, [small]);
}

/// Checks that a burst that overran the queue can still be resumed.
#[tokio::test(flavor = "current_thread")]
async fn an_overrun_socket_resumes_where_it_was() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let mut tab = ben.device().await;
    let message = |number: usize| ServerMessage::MessageCreated {
        message: Message {
            id: MessageId(Uuid::now_v7()),
            conversation_id: conversation.id,
            sender_id: ana.id(),
            content: MessageContent::Text { text: number.to_string() },
            created_at: test.now(),
        },
    };
    let burst: Vec<ServerMessage> = (0..300).map(message).collect();
    // On a single thread no task can read before the whole burst is published.
    for message in &burst {
        test.app.publish(vec![Audience::Users(vec![ben.id()])], message);
    }
    assert_eq!(tab.closed().await, Some(1_013));
    let heard_before_the_end = tab.heard;
    let (mut tab, resumed) = Device::resume(&ben, tab.id, heard_before_the_end).await;
    assert!(resumed);
    assert_eq!(tab.drain().await, burst, "all of it, once, and in order");
}
