//! The history of the schema. The same statements run on SQLite and on PostgreSQL, with few exceptions.

mod m0001_foundation;
mod m0002_people;
mod m0003_calls;
mod m0004_servers;
mod m0005_live_seats;
mod m0006_seen_calls;
mod m0007_pictures;
mod m0008_event_log;
mod m0009_sealed_answers;
mod m0010_plans;
mod shape;

use super::{StoreError, Stored};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, TransactionTrait};
use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// The number of the advisory lock on PostgreSQL: any that nothing else locks in this database.
const LOCK: i64 = 0x7061_726c_6579;

/// Brings the schema up to date. Of several servers that start at once, one does it and the others wait.
pub async fn run(db: &DatabaseConnection) -> Stored<()> {
    if db.get_database_backend() != DbBackend::Postgres {
        return up(db).await;
    }
    // The lock lasts as long as this transaction. The migrations run on other connections of the pool.
    let lock = db.begin().await?;
    lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    up(db).await?;
    Ok(lock.commit().await?)
}

/// Runs the missing migrations. Refuses a schema with migrations that this version does not know.
async fn up(db: &DatabaseConnection) -> Stored<()> {
    Migrator::install(db).await?;
    let known: Vec<String> = Migrator::migrations().iter().map(|one| one.name().to_owned()).collect();
    let applied = Migrator::get_migration_models(db).await?;
    match applied.into_iter().find(|one| !known.contains(&one.version)) {
        Some(newer) => Err(StoreError::Newer(newer.version)),
        None => Ok(Migrator::up(db, None).await?),
    }
}

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_foundation::Migration),
            Box::new(m0002_people::Migration),
            Box::new(m0003_calls::Migration),
            Box::new(m0004_servers::Migration),
            Box::new(m0005_live_seats::Migration),
            Box::new(m0006_seen_calls::Migration),
            Box::new(m0007_pictures::Migration),
            Box::new(m0008_event_log::Migration),
            Box::new(m0009_sealed_answers::Migration),
            Box::new(m0010_plans::Migration),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::sqlite::Sqlite;
    use sea_orm::{DbErr, Statement};
    use tempfile::tempdir;

    const BEFORE: &str = "
        INSERT INTO users (id, display_name, name_key, created_at) VALUES ('u', 'Ana', 'ana', 1);
        INSERT INTO conversations (id, kind, status, started_by, created_at, updated_at)
            VALUES ('c', 'direct', 'accepted', 'u', 1, 1);
        INSERT INTO calls (id, conversation_id, initiator_id, call_type, mode, engine, status, version, created_at, ring_deadline)
            VALUES ('k', 'c', 'u', 'audio', 'direct', 'p2p', 'ended', 1, 1, 1);
        INSERT INTO call_events (call_id, seq, user_id, event, created_at, data)
            VALUES ('k', 1, 'u', 'call.created', 1, NULL), ('k', 2, NULL, 'call.ended', 2, '{}')";

    async fn log(db: &DatabaseConnection) -> Result<Vec<(i64, Option<String>, Option<String>)>, DbErr> {
        let sql = "SELECT CAST(seq AS text) AS seq, user_id, data FROM call_events ORDER BY call_events.seq";
        let rows = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
        let row = |row: &sea_orm::QueryResult| {
            let seq: String = row.try_get("", "seq")?;
            Ok((seq.parse().unwrap(), row.try_get("", "user_id")?, row.try_get("", "data")?))
        };
        rows.iter().map(row).collect()
    }

    #[tokio::test]
    async fn event_logs_survive_the_rebuild_of_their_table() {
        let folder = tempdir().unwrap();
        let sqlite = Sqlite::open(&format!("sqlite://{}/a.db", folder.path().display())).unwrap();
        let db = sqlite.as_connection().unwrap();
        Migrator::up(&db, Some(7)).await.unwrap();
        db.execute_unprepared(BEFORE).await.unwrap();
        Migrator::up(&db, None).await.unwrap();
        let kept = [(1, Some("u".to_owned()), None), (2, None, Some("{}".to_owned()))];
        assert_eq!(log(&db).await.unwrap(), kept);
        db.execute_unprepared("DELETE FROM calls").await.unwrap();
        assert_eq!(log(&db).await.unwrap(), [], "a log is deleted with its call");
    }

    #[tokio::test]
    async fn unsealed_answers_are_deleted() {
        let folder = tempdir().unwrap();
        let sqlite = Sqlite::open(&format!("sqlite://{}/a.db", folder.path().display())).unwrap();
        let db = sqlite.as_connection().unwrap();
        Migrator::up(&db, Some(8)).await.unwrap();
        let plain =
            "INSERT INTO users (id, display_name, name_key, created_at) VALUES ('u', 'Ana', 'ana', 1);
            INSERT INTO idempotency_keys (user_id, key, request_hash, answer, created_at)
                VALUES ('u', 'k', 'h', 'a token', 1)";
        db.execute_unprepared(plain).await.unwrap();
        let kept = async || {
            let sql = "SELECT answer FROM idempotency_keys";
            db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap().len()
        };
        assert_eq!(kept().await, 1);
        Migrator::up(&db, None).await.unwrap();
        assert_eq!(kept().await, 0);
    }
}
