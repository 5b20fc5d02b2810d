//! Checks of the database when the calls are over.

use crate::support::Database;
use parley_server::storage::connect;
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap()
}

fn number(row: &QueryResult, column: &str) -> i64 {
    row.try_get("", column).unwrap()
}

fn word(row: &QueryResult, column: &str) -> String {
    row.try_get("", column).unwrap()
}

/// Checks that these calls, and no others, are live and connected.
pub async fn only_these_are_live(database: &Database, calls: &[String]) {
    let db = connect(&database.url()).await.unwrap();
    let live = rows(&db, "SELECT id, status FROM calls WHERE ended_at IS NULL").await;
    let ids = live.iter().map(|row| row.try_get::<Uuid>("", "id").unwrap().to_string());
    let expected: BTreeSet<String> = calls.iter().cloned().collect();
    assert_eq!(ids.collect::<BTreeSet<_>>(), expected, "only calls of people who returned may be live");
    assert!(live.iter().all(|row| word(row, "status") == "connected"));
    db.close().await.unwrap();
}

/// Checks that every call has one end and a complete log, and that no seat is left in a call that is over.
pub async fn every_call_is_whole(database: &Database, at_least: usize) {
    let db = connect(&database.url()).await.unwrap();
    let calls = rows(&db, "SELECT * FROM calls").await;
    assert!(calls.len() >= at_least, "{} calls", calls.len());
    let mut logs: BTreeMap<Uuid, Vec<(i64, String, i64)>> = BTreeMap::new();
    for row in
        rows(&db, "SELECT call_id, seq, event, created_at FROM call_events ORDER BY call_id, seq").await
    {
        let line = (number(&row, "seq"), word(&row, "event"), number(&row, "created_at"));
        logs.entry(row.try_get("", "call_id").unwrap()).or_default().push(line);
    }
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for call in &calls {
        let id: Uuid = call.try_get("", "id").unwrap();
        let status = word(call, "status");
        let terminal = ["ended", "declined", "missed", "canceled", "busy", "failed"];
        assert!(terminal.contains(&status.as_str()), "{id} is {status}");
        let ended_at: Option<i64> = call.try_get("", "ended_at").unwrap();
        let reason: Option<String> = call.try_get("", "end_reason").unwrap();
        let deadline: Option<i64> = call.try_get("", "deadline_at").unwrap();
        assert!(ended_at.is_some() && reason.is_some() && deadline.is_none(), "{id} is over only in part");
        *outcomes.entry(status).or_default() += 1;
        check_log(id, number(call, "version"), &logs[&id]);
    }
    println!("{outcomes:?}");
    let seats = rows(
        &db,
        "SELECT call_id FROM call_participants WHERE status IN ('connecting', 'connected', 'reconnecting', 'ringing', 'invited')",
    )
    .await;
    assert!(seats.is_empty(), "{} seats in calls that are over", seats.len());
    let lines = rows(&db, "SELECT content FROM messages").await;
    assert_eq!(lines.len(), calls.len(), "each call has left one line in its conversation");
    db.close().await.unwrap();
}

/// Checks the log of a call: every version has its events, the end is in the last version and only there, and
/// time does not run backwards.
fn check_log(id: Uuid, version: i64, log: &[(i64, String, i64)]) {
    let versions: BTreeSet<i64> = log.iter().map(|(seq, ..)| seq / 1_000).collect();
    assert_eq!(versions, (1..=version).collect(), "{id}: {log:?}");
    for seq in log.windows(2) {
        let (before, after) = (seq[0].0, seq[1].0);
        assert!(after == before + 1 || after % 1_000 == 0, "{id}: a line is missing: {log:?}");
        assert!(seq[0].2 <= seq[1].2, "{id}: {log:?}");
    }
    assert_eq!(log.iter().filter(|(_, event, _)| event == "over").count(), 1, "{id}: {log:?}");
    let last = log.last().map(|(seq, ..)| seq / 1_000);
    assert!(log.iter().any(|(seq, event, _)| event == "over" && Some(seq / 1_000) == last), "{id}: {log:?}");
}
