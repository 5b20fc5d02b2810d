//! Blocks, and the messages and conversations that they hide.

use super::{NOW, person};
use crate::support::{Database, on_both};
use parley_protocol::{
    ConversationId, MessageId, Timestamp, UserId,
    people::{ConversationStatus, MemberRole, Message, MessageContent},
};
use parley_server::storage::{Block, NewDirect, NewGroup, Store};
use uuid::Uuid;

on_both!(blocks_are_found_from_either_side messages_are_hidden_from_members_who_block_the_sender a_list_has_no_conversation_with_a_blocked_person a_person_with_very_many_acquaintances_is_served_bug);

async fn block(store: &Store, by: UserId, of: UserId) -> bool {
    let write = store.write().await.unwrap();
    let new = write.insert_block(Block { by, of }, NOW).await.unwrap();
    write.commit().await.unwrap();
    new
}

fn saying(conversation_id: ConversationId, sender_id: UserId, at: i64) -> Message {
    Message {
        id: MessageId(Uuid::now_v7()),
        conversation_id,
        sender_id,
        content: MessageContent::Text { text: "hi".into() },
        created_at: Timestamp(NOW.0 + at),
    }
}

async fn blocks_are_found_from_either_side(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let (ana, ben) = (person(&store, "Ana").await, person(&store, "Ben").await);
    let cleo = person(&store, "Cleo").await;
    let all = [ana, ben, cleo];
    assert!(block(&store, ana, ben).await);
    assert!(!block(&store, ana, ben).await, "once");
    assert_eq!(store.blockers_among(&all, ben).await.unwrap(), [ana]);
    assert!(store.blockers_among(&[cleo], ben).await.unwrap().is_empty());
    assert!(store.blockers_among(&all, ana).await.unwrap().is_empty(), "it has a direction");
    assert_eq!(store.blocked_among(&all, ana).await.unwrap(), [ben]);
    assert_eq!(store.blocks_within(&all).await.unwrap(), [Block { by: ana, of: ben }]);
    assert!(store.blocks_within(&[ana, cleo]).await.unwrap().is_empty());
    assert_eq!(store.blocked_by(ana, None, 9).await.unwrap()[0].0.id, ben);
    let write = store.write().await.unwrap();
    assert_eq!(write.blocks_within(&all).await.unwrap(), [Block { by: ana, of: ben }]);
    assert_eq!(write.count_blocks(ana).await.unwrap(), 1);
    assert!(write.delete_block(Block { by: ana, of: ben }).await.unwrap());
    assert!(!write.delete_block(Block { by: ana, of: ben }).await.unwrap());
    write.commit().await.unwrap();
    assert!(store.blockers_among(&all, ben).await.unwrap().is_empty());
}

async fn messages_are_hidden_from_members_who_block_the_sender(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let (ana, ben) = (person(&store, "Ana").await, person(&store, "Ben").await);
    let cleo = person(&store, "Cleo").await;
    let id = ConversationId(Uuid::now_v7());
    let write = store.write().await.unwrap();
    write.insert_group(&NewGroup { id, name: "Us".into(), owner: ana }, NOW).await.unwrap();
    for user in [ben, cleo] {
        write.insert_member(id, user, MemberRole::Member, NOW).await.unwrap();
    }
    write.commit().await.unwrap();
    block(&store, ana, ben).await;
    let write = store.write().await.unwrap();
    let first = saying(id, cleo, 1);
    assert_eq!(write.insert_message(&first, true).await.unwrap().len(), 3);
    let second = saying(id, ben, 2);
    let mut readers = write.insert_message(&second, true).await.unwrap();
    readers.sort();
    assert_eq!(readers, [ben, cleo]);
    write.commit().await.unwrap();
    let row = store.conversation(id, ana).await.unwrap().unwrap();
    assert_eq!((row.last_message.as_ref(), &row.last_hidden_from[..]), (Some(&second), &[ana][..]));
    let unread = |user| row.member(user).unwrap().unread;
    assert_eq!((unread(ana), unread(ben), unread(cleo)), (1, 1, 1));
    assert_eq!(store.messages(id, ana, None, 9).await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(store.messages(id, cleo, None, 9).await.unwrap(), [second, first]);
}

async fn a_list_has_no_conversation_with_a_blocked_person(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let (ana, ben) = (person(&store, "Ana").await, person(&store, "Ben").await);
    let (direct, group) = (ConversationId(Uuid::now_v7()), ConversationId(Uuid::now_v7()));
    let write = store.write().await.unwrap();
    let status = ConversationStatus::Accepted;
    write.insert_direct(&NewDirect { id: direct, started_by: ana, with: ben, status }, NOW).await.unwrap();
    write.insert_group(&NewGroup { id: group, name: "Us".into(), owner: ben }, NOW).await.unwrap();
    write.insert_invitation(group, ana, ben, NOW).await.unwrap();
    write.commit().await.unwrap();
    let list = async |user| {
        let rows = store.conversations_of(user, None, 9).await.unwrap();
        rows.into_iter().map(|row| (row.id, row.status)).collect::<Vec<_>>()
    };
    let mut both = vec![(direct, ConversationStatus::Accepted), (group, ConversationStatus::Pending)];
    both.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
    assert_eq!(list(ana).await, both);
    block(&store, ana, ben).await;
    assert!(list(ana).await.is_empty());
    assert!(store.conversation(group, ana).await.unwrap().is_none());
    assert_eq!(list(ben).await.len(), 2, "it shows nowhere");
}

/// Guards against statements with more parameters than either database allows.
async fn a_person_with_very_many_acquaintances_is_served_bug(database: Database) {
    const MANY: usize = 33_000;
    let store = Store::open(&database.url()).await.unwrap();
    let (ana, ben) = (person(&store, "Ana").await, person(&store, "Ben").await);
    let group = ConversationId(Uuid::now_v7());
    let write = store.write().await.unwrap();
    write.insert_group(&NewGroup { id: group, name: "Us".into(), owner: ana }, NOW).await.unwrap();
    write.insert_member(group, ben, MemberRole::Member, NOW).await.unwrap();
    write.commit().await.unwrap();
    block(&store, ben, ana).await;
    let (rows, id) = if database.is_sqlite() {
        (
            format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})"),
            "randomblob(16)",
        )
    } else {
        (format!("WITH n AS (SELECT generate_series(1, {MANY}) AS i)"), "gen_random_uuid()")
    };
    let people = "INSERT INTO users (id, display_name, name_key, created_at)";
    database.run(&format!("{people} {rows} SELECT {id}, 'Cleo', 'cleo', i FROM n")).await;
    let members = "INSERT INTO conversation_members (conversation_id, user_id, role, unread, joined_at)";
    let its = "SELECT c.id, u.id, 'member', 0, 0 FROM conversations c, users u WHERE u.name_key = 'cleo'";
    database.run(&format!("{members} {its}")).await;
    assert_eq!(store.acquaintances(&[ana]).await.unwrap().len(), MANY);
    assert_eq!(
        store.acquaintances(&[ana, ben]).await.unwrap().len(),
        2 * MANY,
        "they are not told of one another"
    );
}
