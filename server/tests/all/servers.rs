//! Two servers on one PostgreSQL and one Redis.

mod away;
mod calls;
mod jobs;
mod lost;
mod people;

use crate::support::{Database, Person, TestApp};
use parley_server::config::Config;
use std::time::Duration;

/// How long after its last sign of life a server is taken for dead, here.
const LEASE: Duration = Duration::from_millis(400);

/// Nothing when this machine has no PostgreSQL.
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

/// The same person, at the other server.
fn at<'a>(server: &'a TestApp, person: &Person<'_>) -> Person<'a> {
    Person::new(server, person.signed.clone())
}
