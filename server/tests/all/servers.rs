//! Two servers on one PostgreSQL and one Redis.

mod away;
mod calls;
mod jobs;
mod lost;
mod people;

use crate::support::{Database, Person, TestApp};
use parley_server::config::Config;
use std::time::Duration;

/// The time after its last heartbeat at which these servers take another for dead.
const LEASE: Duration = Duration::from_millis(400);

/// Starts two servers. Returns `None` when this machine has no PostgreSQL.
async fn two(change: impl FnOnce(&mut Config)) -> Option<(TestApp, TestApp)> {
    let database = Database::scaled().await?;
    let here = TestApp::on(database, |config| {
        config.lease = LEASE;
        config.presence = Duration::from_millis(20);
        change(config);
    })
    .await;
    let there = here.twin().await;
    Some((here, there))
}

/// Returns the same person as a client of the other server.
fn at<'a>(server: &'a TestApp, person: &Person<'_>) -> Person<'a> {
    Person::new(server, person.signed.clone())
}
