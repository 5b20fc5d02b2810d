//! Conversations and messages.

use super::{NOW, person};
use crate::support::{Database, on_both};
use parley_protocol::{
    ConversationId, MessageId, Timestamp,
    people::{ConversationStatus, Message, MessageContent},
};
use parley_server::storage::{Cursor, NewDirect, Store, StoreError};
use uuid::Uuid;

on_both!(two_people_share_one_conversation messages_move_the_list_and_are_counted pages_never_skip_or_repeat);

async fn direct(store: &Store, a: &str, b: &str) -> NewDirect {
    let (started_by, with) = (person(store, a).await, person(store, b).await);
    let id = ConversationId(Uuid::now_v7());
    let new = NewDirect { id, started_by, with, status: ConversationStatus::Pending };
    let write = store.write().await.unwrap();
    write.insert_direct(&new, NOW).await.unwrap();
    write.commit().await.unwrap();
    new
}

async fn two_people_share_one_conversation(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let new = direct(&store, "Ana", "Ben").await;
    let reverse =
        NewDirect { id: ConversationId(Uuid::now_v7()), started_by: new.with, with: new.started_by, ..new };
    let write = store.write().await.unwrap();
    assert!(matches!(write.insert_direct(&reverse, NOW).await, Err(StoreError::Taken)));
    drop(write);
    let found = store.direct_between(new.with, new.started_by).await.unwrap().unwrap();
    assert_eq!((found.id, found.status), (new.id, ConversationStatus::Pending));
    assert_eq!(found.member_ids(), [new.started_by, new.with]);
    assert_eq!(found.people[&new.with].display_name, "Ben");
    let stranger = person(&store, "Cleo").await;
    assert!(store.conversation(new.id, stranger).await.unwrap().is_none());
    let write = store.write().await.unwrap();
    let (pending, accepted) = (ConversationStatus::Pending, ConversationStatus::Accepted);
    assert!(write.move_conversation_status(new.id, [pending, accepted], NOW).await.unwrap());
    let declined = [pending, ConversationStatus::Declined];
    assert!(!write.move_conversation_status(new.id, declined, NOW).await.unwrap(), "it has its answer");
    write.commit().await.unwrap();
    assert_eq!(store.member_ids(new.id).await.unwrap().len(), 2);
    let found = store.conversation(new.id, new.with).await.unwrap().unwrap();
    assert_eq!(found.status, ConversationStatus::Accepted);
}

async fn messages_move_the_list_and_are_counted(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let new = direct(&store, "Ana", "Ben").await;
    let message = Message {
        id: MessageId(Uuid::now_v7()),
        conversation_id: new.id,
        sender_id: new.started_by,
        content: MessageContent::Text { text: "it's \"quoted\" \u{1F600}\n".into() },
        created_at: Timestamp(NOW.0 + 5),
    };
    for (counts, unread) in [(true, 1), (false, 1), (true, 2)] {
        let message = Message { id: MessageId(Uuid::now_v7()), ..message.clone() };
        let write = store.write().await.unwrap();
        write.insert_message(&message, counts).await.unwrap();
        write.commit().await.unwrap();
        let row = store.conversation(new.id, new.with).await.unwrap().unwrap();
        let counts: Vec<_> = row.members.iter().map(|member| (member.user, member.unread)).collect();
        assert_eq!(counts, [(new.started_by, 0), (new.with, unread)]);
        assert_eq!((row.last_message, row.updated_at), (Some(message), Timestamp(NOW.0 + 5)));
    }
    let write = store.write().await.unwrap();
    assert!(write.mark_read(new.id, new.with).await.unwrap());
    assert!(!write.mark_read(new.id, new.with).await.unwrap());
    write.commit().await.unwrap();
}

async fn pages_never_skip_or_repeat(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let new = direct(&store, "Ana", "Ben").await;
    let write = store.write().await.unwrap();
    let mut made = Vec::new();
    for n in 0..25 {
        let message = Message {
            id: MessageId(Uuid::now_v7()),
            conversation_id: new.id,
            sender_id: new.started_by,
            content: MessageContent::Text { text: n.to_string() },
            created_at: Timestamp(NOW.0 + n / 7),
        };
        write.insert_message(&message, true).await.unwrap();
        made.insert(0, message.id);
    }
    write.commit().await.unwrap();
    let mut read = Vec::new();
    let mut after = None;
    loop {
        let page = store.messages(new.id, new.with, after, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        let cursor = Cursor { at: last.created_at.0, id: last.id.0 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        after = Some(cursor);
        read.extend(page.into_iter().map(|message| message.id));
    }
    assert_eq!(read, made);
}
