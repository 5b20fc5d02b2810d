//! People, sessions, invite links and remembered answers.

use super::{NOW, person};
use crate::support::{Database, on_both};
use parley_protocol::{SessionId, Timestamp, UserId};
use parley_server::storage::{Answered, SessionRow, Store, StoreError};
use uuid::Uuid;

on_both!(the_schema_is_made_once people_are_found_by_their_names sessions_are_kept_until_they_expire invites_are_kept_until_they_expire answers_are_remembered_once a_dropped_transaction_writes_nothing a_writer_that_gives_up_blocks_no_other_bug);

async fn the_schema_is_made_once(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let ana = person(&store, "Ana").await;
    store.close().await.unwrap();
    let store = Store::open(&database.url()).await.unwrap();
    store.ping().await.unwrap();
    assert_eq!(store.user(ana).await.unwrap().unwrap().0.display_name, "Ana");
}

async fn people_are_found_by_their_names(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let (ana, oezge) = (person(&store, "Ana").await, person(&store, "ÖZGE 100%_\\").await);
    let people = store.people([ana, oezge, ana]).await.unwrap();
    assert_eq!(people.len(), 2);
    for text in ["özge", "Ö", "100%", "_", "\\", "e 1"] {
        let found = store.find_users(text, ana, 20).await.unwrap();
        assert_eq!(found.iter().map(|user| user.id).collect::<Vec<_>>(), [oezge], "{text}");
    }
    let write = store.write().await.unwrap();
    write.rename_user(oezge, "Zoë").await.unwrap();
    write.commit().await.unwrap();
    assert!(store.find_users("özge", ana, 20).await.unwrap().is_empty());
    assert_eq!(store.find_users("ZOË", ana, 20).await.unwrap().len(), 1);
    assert!(store.user(UserId(Uuid::now_v7())).await.unwrap().is_none());
}

async fn sessions_are_kept_until_they_expire(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let user_id = person(&store, "Ana").await;
    let row = SessionRow {
        id: SessionId(Uuid::now_v7()),
        user_id,
        created_at: NOW,
        used_at: NOW,
        expires_at: Timestamp(NOW.0 + 10),
        client: "Browser".into(),
    };
    let write = store.write().await.unwrap();
    write.insert_session(&row, "hash").await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(store.session("hash", NOW).await.unwrap(), Some(row.clone()));
    assert_eq!(store.session("other", NOW).await.unwrap(), None);
    assert_eq!(store.session("hash", Timestamp(NOW.0 + 9)).await.unwrap(), Some(row.clone()));
    assert_eq!(store.session("hash", Timestamp(NOW.0 + 10)).await.unwrap(), None);
    assert_eq!(store.sessions_of(user_id, NOW, None, 9).await.unwrap(), std::slice::from_ref(&row));
    assert!(store.sessions_of(user_id, Timestamp(NOW.0 + 10), None, 9).await.unwrap().is_empty());

    let (later, until) = (Timestamp(NOW.0 + 5), Timestamp(NOW.0 + 20));
    let write = store.write().await.unwrap();
    write.extend_sessions(&[row.id], Timestamp(NOW.0 + 10), until).await.unwrap();
    assert_eq!(write.delete_expired_sessions(Timestamp(NOW.0 + 9)).await.unwrap(), 0);
    write.commit().await.unwrap();
    assert_eq!(store.session("hash", NOW).await.unwrap(), Some(row.clone()), "it stays expired");
    let write = store.write().await.unwrap();
    write.extend_sessions(&[row.id], later, until).await.unwrap();
    assert_eq!(write.delete_expired_sessions(Timestamp(NOW.0 + 19)).await.unwrap(), 0);
    write.commit().await.unwrap();
    let moved = SessionRow { used_at: later, expires_at: until, ..row.clone() };
    assert_eq!(store.session("hash", Timestamp(NOW.0 + 19)).await.unwrap(), Some(moved));

    let twin = SessionRow { id: SessionId(Uuid::now_v7()), ..row.clone() };
    let write = store.write().await.unwrap();
    assert!(matches!(write.insert_session(&twin, "hash").await, Err(StoreError::Taken)));
    drop(write);
    let write = store.write().await.unwrap();
    assert!(!write.delete_session(UserId(Uuid::now_v7()), row.id).await.unwrap());
    assert!(write.delete_session(user_id, row.id).await.unwrap());
    write.commit().await.unwrap();
    assert_eq!(store.session("hash", NOW).await.unwrap(), None);
}

async fn invites_are_kept_until_they_expire(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let ana = person(&store, "Ana").await;
    let until = Timestamp(NOW.0 + 10);
    let write = store.write().await.unwrap();
    write.insert_invite("hash", ana, NOW, until).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(store.invite_maker("hash", NOW).await.unwrap(), Some(ana));
    assert_eq!(store.invite_maker("hash", until).await.unwrap(), None);
    let write = store.write().await.unwrap();
    assert_eq!(write.delete_expired_invites(until).await.unwrap(), 1);
    write.commit().await.unwrap();
    assert_eq!(store.invite_maker("hash", NOW).await.unwrap(), None);
}

async fn answers_are_remembered_once(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let ana = person(&store, "Ana").await;
    let older = Timestamp(NOW.0 - 1);
    let remember = async |answer: &str, since| {
        let write = store.write().await.unwrap();
        let answered = Answered { request_hash: "h".into(), answer: answer.into() };
        write.remember_answer(ana, "key", answered, since, NOW).await?;
        write.commit().await
    };
    remember("first", older).await.unwrap();
    assert!(matches!(remember("twin", older).await, Err(StoreError::Taken)));
    remember("second", NOW).await.unwrap();
    let kept = store.answered(ana, "key", older).await.unwrap().unwrap();
    assert_eq!((kept.request_hash.as_str(), kept.answer.as_str()), ("h", "second"));
    assert!(store.answered(ana, "key", NOW).await.unwrap().is_none());
    let write = store.write().await.unwrap();
    assert_eq!(write.delete_answers_before(NOW).await.unwrap(), 1);
    write.commit().await.unwrap();
}

async fn a_dropped_transaction_writes_nothing(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let ana = person(&store, "Ana").await;
    let write = store.write().await.unwrap();
    write.rename_user(ana, "Nobody").await.unwrap();
    drop(write);
    assert_eq!(store.user(ana).await.unwrap().unwrap().0.display_name, "Ana");
    let write = store.write().await.unwrap();
    write.rename_user(ana, "Anabel").await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(store.user(ana).await.unwrap().unwrap().0.display_name, "Anabel");
}

/// Guards against "database is locked": a dropped transaction ends a little later, and a writer that read
/// before it wrote then failed.
async fn a_writer_that_gives_up_blocks_no_other_bug(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let ana = person(&store, "Ana").await;
    let dance = async || {
        for _ in 0..100 {
            let write = store.write().await.unwrap();
            write.rename_user(ana, "Nobody").await.unwrap();
            drop(write);
            let write = store.write().await.unwrap();
            write.live_calls_of(&[ana]).await.unwrap();
            write.rename_user(ana, "Anabel").await.unwrap();
            write.commit().await.unwrap();
        }
    };
    tokio::join!(dance(), dance(), dance());
}
