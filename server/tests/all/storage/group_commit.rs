//! Writers that come at once: each is written or undone by itself, whoever shares its commit.

use super::{NOW, person};
use crate::support::{Database, on_both};
use futures_util::FutureExt;
use parley_protocol::{UserId, people::UserSummary};
use parley_server::storage::{Store, StoreError, Write};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;
use uuid::Uuid;

on_both!(many_at_once_are_each_written_or_undone a_refused_row_undoes_no_other);

async fn insert(write: &Write) -> UserId {
    let user = UserSummary::named(UserId(Uuid::now_v7()), "x");
    write.insert_user(&user, NOW).await.unwrap();
    user.id
}

async fn many_at_once_are_each_written_or_undone(database: Database) {
    let store = Arc::new(Store::open(&database.url()).await.unwrap());
    let writing = (0..300).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let write = store.write().await.unwrap();
            let user = insert(&write).await;
            match n % 3 {
                0 => drop(write),
                1 => write.abandon().await.unwrap(),
                _ => write.commit().await.unwrap(),
            }
            // What is committed is seen by everybody from then on.
            let found = store.user(user).await.unwrap().is_some();
            assert_eq!(found, n % 3 == 2);
        })
    });
    for done in futures_util::future::join_all(writing).await {
        done.unwrap();
    }
}

/// On SQLite, where they wait for one another.
#[tokio::test]
async fn who_waits_and_goes_keeps_nobody() {
    let database = Database::sqlite();
    let store = Store::open(&database.url()).await.unwrap();
    let write = store.write().await.unwrap();
    let user = insert(&write).await;
    let mut waits = Box::pin(store.write());
    assert!(waits.as_mut().now_or_never().is_none(), "one at a time");
    let mut commits = Box::pin(write.commit());
    // Whoever is ready has a turn first; after that it waits for the one that waits.
    for _ in 0..2 {
        assert!(commits.as_mut().now_or_never().is_none(), "for the one that waits");
    }
    assert!(store.user(user).await.unwrap().is_none(), "nobody else sees it before");
    drop(waits);
    timeout(Duration::from_secs(5), commits).await.unwrap().unwrap();
    assert!(store.user(user).await.unwrap().is_some());
}

/// Its commit would be for others as well.
#[tokio::test]
async fn who_goes_before_the_commit_is_committed_all_the_same() {
    let database = Database::sqlite();
    let store = Store::open(&database.url()).await.unwrap();
    let write = store.write().await.unwrap();
    let user = insert(&write).await;
    let mut commits = Box::pin(write.commit());
    assert!(commits.as_mut().now_or_never().is_none(), "others that are ready have their turn");
    assert!(store.user(user).await.unwrap().is_none());
    drop(commits);
    assert!(store.user(user).await.unwrap().is_some());
}

/// Who is refused because of a transaction that has yet to be committed sees what it did.
#[tokio::test]
async fn who_is_refused_finds_why() {
    let database = Database::sqlite();
    let store = Store::open(&database.url()).await.unwrap();
    let first = store.write().await.unwrap();
    let taken = insert(&first).await;
    let mut second = Box::pin(store.write());
    assert!(second.as_mut().now_or_never().is_none());
    let mut commits = Box::pin(first.commit());
    assert!(commits.as_mut().now_or_never().is_none());
    let mut third = Box::pin(store.write());
    assert!(third.as_mut().now_or_never().is_none(), "so that the batch would go on");
    let second = second.await.unwrap();
    let again = UserSummary::named(taken, "Ben");
    assert!(matches!(second.insert_user(&again, NOW).await, Err(StoreError::Taken)));
    drop(second);
    assert!(store.user(taken).await.unwrap().is_some());
    commits.await.unwrap();
    third.await.unwrap().commit().await.unwrap();
}

async fn a_refused_row_undoes_no_other(database: Database) {
    let store = Arc::new(Store::open(&database.url()).await.unwrap());
    let taken = person(&store, "Ana").await;
    let writing = (0..60).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let write = store.write().await.unwrap();
            let user = insert(&write).await;
            if n % 2 == 0 {
                let again = UserSummary::named(taken, "Ben");
                let refused = write.insert_user(&again, NOW).await;
                assert!(matches!(refused, Err(StoreError::Taken)), "{refused:?}");
                drop(write);
            } else {
                write.commit().await.unwrap();
            }
            assert_eq!(store.user(user).await.unwrap().is_some(), n % 2 == 1);
        })
    });
    for done in futures_util::future::join_all(writing).await {
        done.unwrap();
    }
}

/// One that has done all but the commit, and one that goes on in its batch.
async fn together(store: &Store) -> (UserId, impl Future<Output = Result<(), StoreError>>, Write) {
    let first = store.write().await.unwrap();
    let user = insert(&first).await;
    let mut second = Box::pin(store.write_surely());
    assert!(second.as_mut().now_or_never().is_none());
    let mut commits = Box::pin(first.commit());
    assert!(commits.as_mut().now_or_never().is_none(), "the one that waits may come along");
    (user, commits, second.await.unwrap())
}

#[tokio::test]
async fn who_gives_up_before_the_first_change_leaves_the_others_alone() {
    let database = Database::sqlite();
    let store = Store::open(&database.url()).await.unwrap();
    let (user, commits, second) = together(&store).await;
    let again = UserSummary::named(user, "Ben");
    assert!(
        matches!(second.insert_user(&again, NOW).await, Err(StoreError::Taken)),
        "a refused row is no change"
    );
    second.abandon().await.unwrap();
    commits.await.unwrap();
    assert!(store.user(user).await.unwrap().is_some());
}

#[tokio::test]
async fn who_said_surely_and_gives_up_later_takes_the_others_along() {
    let database = Database::sqlite();
    let store = Store::open(&database.url()).await.unwrap();
    let (user, commits, second) = together(&store).await;
    let other = insert(&second).await;
    drop(second);
    assert!(commits.await.is_err(), "they are told");
    assert!(store.user(user).await.unwrap().is_none() && store.user(other).await.unwrap().is_none());
    let write = store.write_surely().await.unwrap();
    insert(&write).await;
    write.commit().await.unwrap();
}
