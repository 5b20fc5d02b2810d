//! The schema: several servers can migrate it at once, and a program older than the schema refuses it.

use crate::support::{Database, on_both};
use parley_server::storage::{Pool, Store, StoreError};
use std::time::Duration;
use tokio::time::timeout;

on_both!(an_older_program_refuses_a_newer_schema several_servers_start_at_once a_server_starts_while_another_cleans_up_bug every_reference_has_an_index);

async fn an_older_program_refuses_a_newer_schema(database: Database) {
    Store::open(&database.url()).await.unwrap().close().await.unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_of_tomorrow', 0)";
    database.run(newer).await;
    let error = Store::open(&database.url()).await.err().unwrap();
    assert!(matches!(&error, StoreError::Newer(name) if name == "m9999_of_tomorrow"), "{error}");
    assert!(error.to_string().contains("newer version of Parley"), "{error}");
}

/// Starts several servers on PostgreSQL, and one on SQLite, which servers cannot share.
async fn several_servers_start_at_once(database: Database) {
    let many = if database.url().starts_with("sqlite") { 1 } else { 4 };
    let small = Pool { connections: 2, ..Pool::default() };
    let url = database.url();
    let opened = futures_util::future::join_all((0..many).map(|_| Store::open_with(&url, small))).await;
    for store in opened {
        store.unwrap().close().await.unwrap();
    }
}

async fn a_server_starts_while_another_cleans_up_bug(database: Database) {
    let store = Store::open(&database.url()).await.unwrap();
    let write = store.write().await.unwrap();
    write.clean_alone().await.unwrap();
    let url = database.url();
    let opened = timeout(Duration::from_secs(10), Store::open(&url)).await;
    opened.expect("it waits for another lock than its own").unwrap();
    write.abandon().await.unwrap();
}

/// A query for foreign keys whose column leads no index, primary keys included.
const ON_SQLITE: &str = "SELECT DISTINCT t.name || '.' || f.\"from\" AS reference
    FROM sqlite_schema t, pragma_foreign_key_list(t.name) f
    WHERE t.type = 'table' AND NOT EXISTS (
        SELECT 1 FROM pragma_index_list(t.name) l, pragma_index_info(l.name) i
        WHERE i.seqno = 0 AND i.name = f.\"from\" AND l.partial = 0)";
const ON_POSTGRES: &str = "SELECT c.conrelid::regclass::text || '.' || a.attname AS reference
    FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND NOT EXISTS (
        SELECT 1 FROM pg_index i
        WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1] AND i.indpred IS NULL)";

async fn every_reference_has_an_index(database: Database) {
    Store::open(&database.url()).await.unwrap().close().await.unwrap();
    let without = if database.is_sqlite() { ON_SQLITE } else { ON_POSTGRES };
    assert_eq!(database.texts(without).await, [""; 0]);
    database.run("DROP INDEX calls_initiator_id").await;
    assert_eq!(database.texts(without).await, ["calls.initiator_id"], "one without would be found");
}
