//! Resuming: a socket that returns continues where it was, or is told that it cannot.

use crate::support::{Device, Person, TestApp};
use parley_protocol::{ConversationId, ServerMessage, people::MessageContent};
use serde_json::json;

async fn say(person: &Person<'_>, to: ConversationId, text: &str) {
    let reply = person.post(&format!("/api/conversations/{to}/messages"), &json!({ "text": text })).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
}

fn texts(messages: Vec<ServerMessage>) -> Vec<String> {
    let text = |message| match message {
        ServerMessage::MessageCreated { message } => match message.content {
            MessageContent::Text { text } => Some(text),
            MessageContent::Call { .. } => None,
        },
        _ => None,
    };
    messages.into_iter().filter_map(text).collect()
}

#[tokio::test]
async fn missed_messages_follow_the_welcome() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let mut tab = ben.device().await;
    say(&ana, conversation.id, "heard").await;
    assert_eq!(texts(tab.drain().await), ["heard"]);
    let (id, heard) = (tab.id, tab.heard);
    say(&ana, conversation.id, "sent, and not read").await;
    tab.vanish();
    say(&ana, conversation.id, "said meanwhile").await;
    let (mut tab, resumed) = Device::resume(&ben, id, heard).await;
    assert!(resumed);
    assert_eq!(texts(tab.drain().await), ["sent, and not read", "said meanwhile"]);
    let (id, heard) = (tab.id, tab.heard);
    let (mut tab, resumed) = Device::resume(&ben, id, heard).await;
    assert!(resumed, "it resumes as often as needed");
    assert!(tab.drain().await.is_empty());
    say(&ana, conversation.id, "after").await;
    assert_eq!(texts(tab.drain().await), ["after"]);
}

#[tokio::test]
async fn a_position_of_another_device_cannot_be_resumed() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (tab, other) = (ben.device().await, ben.device().await);
    say(&ana, conversation.id, "one").await;
    let (id, heard) = (tab.id, tab.heard);
    for count in [other.heard, heard + 7, 0, u64::MAX] {
        let (mut tab, resumed) = Device::resume(&ben, id, count).await;
        assert!(!resumed, "{count}");
        assert!(tab.drain().await.is_empty(), "its state is to be loaded");
    }
    let (_, resumed) = Device::resume(&ana, id, heard).await;
    assert!(!resumed, "another person's device");
}

#[tokio::test]
async fn a_socket_resumes_after_a_gap_from_its_second_welcome() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let mut tab = ben.device().await;
    say(&ana, conversation.id, "before").await;
    tab.drain().await;
    let (id, before) = (tab.id, tab.heard);
    test.app.hub.gap();
    assert!(matches!(tab.next().await, ServerMessage::Welcome { resumed: false, .. }));
    say(&ana, conversation.id, "heard").await;
    assert_eq!(texts(tab.drain().await), ["heard"]);
    let heard = tab.heard;
    tab.vanish();
    say(&ana, conversation.id, "said meanwhile").await;
    let (mut tab, resumed) = Device::resume(&ben, id, heard).await;
    assert!(resumed);
    assert_eq!(texts(tab.drain().await), ["said meanwhile"]);
    let (_, resumed) = Device::resume(&ben, id, before).await;
    assert!(!resumed, "lost messages cannot be resent");
}

#[tokio::test]
async fn a_device_that_missed_too_much_must_reload() {
    let test = TestApp::with(|config| {
        config.limits.set(parley_server::cluster::limits::Limited::Messages, "100000/1").unwrap();
    })
    .await;
    let (ana, ben, conversation) = test.friends().await;
    let tab = ben.device().await;
    let (id, heard) = (tab.id, tab.heard);
    tab.vanish();
    let large = "x".repeat(4_000);
    // Each message is a little larger than its text, and 512 KiB are kept.
    for _ in 0..131 {
        say(&ana, conversation.id, &large).await;
    }
    let (_, resumed) = Device::resume(&ben, id, heard).await;
    assert!(!resumed);
}
