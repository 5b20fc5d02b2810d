//! Group commit: concurrent writers share a commit, and yet each is written or undone by itself.

use super::{NOW, person};
use crate::support::{Database, on_both};
use futures_util::FutureExt;
use parley_protocol::{UserId, people::UserSummary};
use parley_server::storage::{Store, StoreError, Write};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;
use uuid::Uuid;

on_both!(concurrent_writers_are_each_written_or_undone a_refused_row_undoes_no_other);

async fn insert(write: &Write) -> UserId {
    let user = UserSummary::named(UserId(Uuid::now_v7()), "x");
    write.insert_user(&user, NOW).await.unwrap();
    user.id
}

async fn concurrent_writers_are_each_written_or_undone(database: Database) {
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
            // A committed row is visible to everybody from here on.
            let found = store.user(user).await.unwrap().is_some();
            assert_eq!(found, n % 3 == 2);
        })
    });
    for done in futures_util::future::join_all(writing).await {
        done.unwrap();
    }
}

/// Covers SQLite, where writers wait for one another.
#[tokio::test]
async fn a_dropped_writer_in_the_queue_holds_up_nobody() {
    let database = Database::sqlite();
    let store = Store::open(&database.url()).await.unwrap();
    let write = store.write().await.unwrap();
    let user = insert(&write).await;
    let mut waits = Box::pin(store.write());
    assert!(waits.as_mut().now_or_never().is_none(), "one at a time");
    let mut commits = Box::pin(write.commit());
    // A commit first yields to other tasks, and then waits for the writer in the queue, which may share it.
    for _ in 0..2 {
        assert!(commits.as_mut().now_or_never().is_none(), "for the one that waits");
    }
    assert!(store.user(user).await.unwrap().is_none(), "nobody else sees it before");
    drop(waits);
    timeout(Duration::from_secs(5), commits).await.unwrap().unwrap();
    assert!(store.user(user).await.unwrap().is_some());
}

/// Checks a commit whose caller goes away. It must happen all the same, because it may carry the changes of
/// others.
#[tokio::test]
async fn a_commit_whose_caller_is_dropped_still_happens() {
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

/// Checks that a writer refused because of an uncommitted row of its batch can then read that row.
#[tokio::test]
async fn a_refused_writer_sees_the_row_that_refused_it() {
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

/// Returns a writer that waits to commit, with its row, and a second writer of the same batch.
async fn together(store: &Store) -> (UserId, impl Future<Output = Result<(), StoreError>>, Write) {
    let first = store.write().await.unwrap();
    let user = insert(&first).await;
    let mut second = Box::pin(store.write_without_savepoint());
    assert!(second.as_mut().now_or_never().is_none());
    let mut commits = Box::pin(first.commit());
    assert!(commits.as_mut().now_or_never().is_none(), "the one that waits may come along");
    (user, commits, second.await.unwrap())
}

#[tokio::test]
async fn a_writer_that_gives_up_before_its_first_change_undoes_no_other() {
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
async fn a_sure_writer_that_gives_up_later_undoes_its_batch() {
    let database = Database::sqlite();
    let store = Store::open(&database.url()).await.unwrap();
    let (user, commits, second) = together(&store).await;
    let other = insert(&second).await;
    drop(second);
    assert!(commits.await.is_err(), "they are told");
    assert!(store.user(user).await.unwrap().is_none() && store.user(other).await.unwrap().is_none());
    let write = store.write_without_savepoint().await.unwrap();
    insert(&write).await;
    write.commit().await.unwrap();
}
