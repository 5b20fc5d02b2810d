//! Background work that several servers share.

use crate::support::{Database, TestApp};
use parley_protocol::CallId;
use parley_server::storage::Store;
use std::{collections::HashSet, time::Duration};

const CALLS: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_deadline_is_taken_by_one_server_and_given_back_when_that_one_dies() {
    let Some(database) = Database::postgres().await else { return };
    let url = database.url();
    let test = TestApp::on(database, |_| {}).await;
    let mut tabs = Vec::new();
    for _ in 0..CALLS {
        let (ana, _, conversation) = test.friends().await;
        let tab = ana.device().await;
        ana.start(conversation.id, &tab).await;
        tabs.push(tab);
    }
    let (one, other) = (Store::open(&url).await.unwrap(), Store::open(&url).await.unwrap());
    let due = test.now() + Duration::from_secs(60);
    let until = due + Duration::from_secs(10);
    let (taken, rest) = tokio::join!(one.take_due(due, until, 7), other.take_due(due, until, 100));
    let (taken, rest) = (taken.unwrap(), rest.unwrap());
    let all: HashSet<CallId> = taken.iter().chain(&rest).copied().collect();
    let left = one.take_due(due, until, 100).await.unwrap();
    assert_eq!(taken.len() + rest.len() + left.len(), CALLS, "no call is claimed twice");
    assert_eq!(all.union(&left.into_iter().collect()).count(), CALLS, "every call is claimed");
    assert!(other.take_due(due, until, 100).await.unwrap().is_empty());
    assert_eq!(other.take_due(until, until, 100).await.unwrap().len(), CALLS, "claims expire");
}
