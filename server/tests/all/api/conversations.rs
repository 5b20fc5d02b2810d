//! `/api/conversations`

use crate::support::{Database, Person, TestApp, on_both};
use parley_protocol::{
    ConversationId, ErrorCode, ServerMessage,
    people::{Conversation, ConversationStatus, Message, MessageContent},
    rest::{Conversations, Messages, NewConversation, NewMessage},
};
use std::time::Duration;

on_both!(twins_write_one_message_bug an_invitation_has_one_answer_bug);

fn with(person: &Person<'_>) -> NewConversation {
    NewConversation::direct(person.id())
}

fn saying(text: &str) -> NewMessage {
    NewMessage { text: text.to_owned() }
}

fn at(id: ConversationId, what: &str) -> String {
    format!("/api/conversations/{id}/{what}")
}

async fn list(person: &Person<'_>) -> Vec<Conversation> {
    person.get("/api/conversations").await.ok::<Conversations>().items
}

#[tokio::test]
async fn only_the_invited_person_answers() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let mut tab = ben.device().await;
    let new: Conversation = ana.post("/api/conversations", &with(&ben)).await.ok();
    assert_eq!((new.status, new.started_by), (ConversationStatus::Pending, ana.id()));
    let told = tab.until(|message| match message {
        ServerMessage::ConversationUpdated { conversation } => Some(conversation.clone()),
        _ => None,
    });
    assert_eq!(told.await.id, new.id);
    ana.post(&at(new.id, "accept"), &()).await.refused(409, ErrorCode::Conflict);
    ana.post(&at(new.id, "decline"), &()).await.refused(409, ErrorCode::Conflict);
    ana.post(&at(new.id, "messages"), &saying("hi")).await.refused(409, ErrorCode::NotAccepted);
    let accepted: Conversation = ben.post(&at(new.id, "accept"), &()).await.ok();
    assert_eq!(accepted.status, ConversationStatus::Accepted);
    ben.post(&at(new.id, "accept"), &()).await.ok::<Conversation>();
    ben.post(&at(new.id, "decline"), &()).await.refused(409, ErrorCode::Conflict);
}

#[tokio::test]
async fn two_people_have_one_conversation() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let first: Conversation = ana.post("/api/conversations", &with(&ben)).await.ok();
    let again: Conversation = ana.post("/api/conversations", &with(&ben)).await.ok();
    assert_eq!((again.id, again.status), (first.id, ConversationStatus::Pending));
    let back: Conversation = ben.post("/api/conversations", &with(&ana)).await.ok();
    assert_eq!((back.id, back.status), (first.id, ConversationStatus::Accepted), "both want to talk");
    let error = ana.post("/api/conversations", &with(&ana)).await.refused(422, ErrorCode::InvalidInput);
    assert_eq!(error.details.unwrap().field.as_deref(), Some("user_id"));
    let nobody = NewConversation::direct(uuid::Uuid::now_v7().into());
    ana.post("/api/conversations", &nobody).await.refused(404, ErrorCode::NotFound);
}

#[tokio::test]
async fn only_the_person_who_declined_can_reopen_a_conversation() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let new: Conversation = ana.post("/api/conversations", &with(&ben)).await.ok();
    ben.post(&at(new.id, "decline"), &()).await.ok::<Conversation>();
    let again: Conversation = ana.post("/api/conversations", &with(&ben)).await.ok();
    assert_eq!(again.status, ConversationStatus::Declined);
    let opened: Conversation = ben.post("/api/conversations", &with(&ana)).await.ok();
    assert_eq!((opened.id, opened.status), (new.id, ConversationStatus::Accepted));
}

#[tokio::test]
async fn messages_are_delivered_counted_and_read() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let mut tab = ben.device().await;
    let path = at(conversation.id, "messages");
    let sent: Message = ana.post(&path, &saying(" hello\n")).await.created();
    assert_eq!(sent.content, MessageContent::Text { text: "hello".into() });
    assert_eq!(tab.next().await, ServerMessage::MessageCreated { message: sent.clone() });
    let seen = list(&ben).await.remove(0);
    assert_eq!((seen.unread, seen.last_message.as_ref()), (1, Some(&sent)));
    assert_eq!(list(&ana).await[0].unread, 0, "one's own words are not news");
    ben.post(&at(conversation.id, "read"), &()).await.is_empty();
    assert_eq!(tab.next().await, ServerMessage::ConversationRead { conversation_id: conversation.id });
    assert_eq!(list(&ben).await[0].unread, 0);
}

#[tokio::test]
async fn messages_have_1_to_4000_characters() {
    let test = TestApp::new().await;
    let (ana, _, conversation) = test.friends().await;
    let path = at(conversation.id, "messages");
    for text in ["", " \n", "\u{200B}", &"x".repeat(4_001)] {
        ana.post(&path, &saying(text)).await.refused(422, ErrorCode::InvalidInput);
    }
    let longest = "ß".repeat(4_000);
    ana.post(&path, &saying(&longest)).await.created::<Message>();
    let script = "<script>alert(1)</script>\u{0007}";
    let kept: Message = ana.post(&path, &saying(script)).await.created();
    assert_eq!(kept.content, MessageContent::Text { text: "<script>alert(1)</script>".into() });
}

#[tokio::test]
async fn lists_come_in_pages_newest_first() {
    let test = TestApp::new().await;
    let (ana, _, conversation) = test.friends().await;
    let path = at(conversation.id, "messages");
    for n in 0..5 {
        // Some messages share a millisecond, so that the cursor must order them by id as well.
        test.clock.advance(Duration::from_millis(n % 2));
        ana.post(&path, &saying(&n.to_string())).await.created::<Message>();
    }
    let mut texts = Vec::new();
    let mut next = format!("{path}?limit=2");
    loop {
        let page: Messages = ana.get(&next).await.ok();
        assert!(page.items.len() <= 2);
        texts.extend(page.items.into_iter().map(|message| match message.content {
            MessageContent::Text { text } => text,
            MessageContent::Call { .. } => panic!("no call was made"),
        }));
        match page.next_cursor {
            Some(cursor) => next = format!("{path}?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(texts, ["4", "3", "2", "1", "0"]);
    for wrong in ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=1.2"] {
        ana.get(&format!("{path}?{wrong}")).await.refused(422, ErrorCode::InvalidInput);
    }
    ana.get(&format!("{path}?limit=100")).await.ok::<Messages>();
}

#[tokio::test]
async fn the_newest_conversation_comes_first() {
    let test = TestApp::new().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let with_ben = test.befriend(&ana, &ben).await;
    test.clock.advance(Duration::from_secs(1));
    let with_cleo = test.befriend(&ana, &cleo).await;
    let ids = |all: Vec<Conversation>| all.into_iter().map(|c| c.id).collect::<Vec<_>>();
    assert_eq!(ids(list(&ana).await), [with_cleo.id, with_ben.id]);
    test.clock.advance(Duration::from_secs(1));
    ben.post(&at(with_ben.id, "messages"), &saying("hi")).await.created::<Message>();
    assert_eq!(ids(list(&ana).await), [with_ben.id, with_cleo.id]);
    let first: Conversations = ana.get("/api/conversations?limit=1").await.ok();
    let cursor = first.next_cursor.unwrap();
    let second: Conversations = ana.get(&format!("/api/conversations?limit=1&cursor={cursor}")).await.ok();
    assert_eq!(ids(second.items), [with_cleo.id]);
    assert_eq!(second.next_cursor, None);
}

#[tokio::test]
async fn a_message_that_is_sent_again_is_written_once_bug() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let path = at(conversation.id, "messages");
    let first: Message = ana.post_once(&path, &saying("hi"), "k1").await.created();
    assert_eq!(ana.post_once(&path, &saying("hi"), "k1").await.created::<Message>(), first);
    assert_eq!(list(&ben).await[0].unread, 1);
    ana.post_once(&path, &saying("ho"), "k1").await.refused(409, ErrorCode::Conflict);
    ana.post_once(&path, &saying("hi"), "").await.refused(422, ErrorCode::InvalidInput);
    let bens: Message = ben.post_once(&path, &saying("hi"), "k1").await.created();
    assert_ne!(bens.id, first.id, "a key belongs to a person");
    let cleo = test.guest("Cleo").await;
    let other = test.befriend(&ana, &cleo).await;
    let there = ana.post_once(&at(other.id, "messages"), &saying("hi"), "k1").await;
    there.refused(409, ErrorCode::Conflict);
}

async fn twins_write_one_message_bug(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, ben, conversation) = test.friends().await;
    let mut tab = ben.device().await;
    let (path, words) = (at(conversation.id, "messages"), saying("hi"));
    let send = (0..6).map(|_| ana.post_once(&path, &words, "k1"));
    let all = futures_util::future::join_all(send).await;
    let all: Vec<Message> = all.into_iter().map(|reply| reply.created()).collect();
    assert!(all.iter().all(|message| *message == all[0]));
    assert_eq!(tab.drain().await, [ServerMessage::MessageCreated { message: all[0].clone() }]);
    assert_eq!(ana.get(&path).await.ok::<Messages>().items, [all[0].clone()]);
}

async fn an_invitation_has_one_answer_bug(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let ana = test.guest("Ana").await;
    for n in 0..8 {
        let ben = test.guest(&format!("Ben {n}")).await;
        let new: Conversation = ana.post("/api/conversations", &with(&ben)).await.ok();
        let (accept, decline) = (at(new.id, "accept"), at(new.id, "decline"));
        let (yes, no) = tokio::join!(ben.post(&accept, &()), ben.post(&decline, &()));
        let (said, refused, meant) = if yes.status.is_success() {
            (yes, no, ConversationStatus::Accepted)
        } else {
            (no, yes, ConversationStatus::Declined)
        };
        refused.refused(409, ErrorCode::Conflict);
        assert_eq!(said.ok::<Conversation>().status, meant);
        assert_eq!(
            ana.get(&format!("/api/conversations/{}", new.id)).await.ok::<Conversation>().status,
            meant
        );
    }
}
