//! The event log of a call without a reference to people: it keeps their ids as plain values, whatever
//! becomes of them. So it needs no index on people either, which every new event would have to update.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_event_log"
    }
}

/// Statements for SQLite, which cannot drop a foreign key: the table is rebuilt in one transaction.
const ON_SQLITE: &str = "BEGIN;
    CREATE TABLE call_events_anew (
        call_id uuid_text NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
        seq integer NOT NULL,
        user_id uuid_text NULL,
        event varchar NOT NULL,
        created_at integer NOT NULL,
        data text NULL,
        PRIMARY KEY (call_id, seq)
    );
    INSERT INTO call_events_anew (call_id, seq, user_id, event, created_at, data)
        SELECT call_id, seq, user_id, event, created_at, data FROM call_events;
    DROP TABLE call_events;
    ALTER TABLE call_events_anew RENAME TO call_events;
    COMMIT";

const ON_POSTGRES: &str = "ALTER TABLE call_events DROP CONSTRAINT call_events_user_id_fkey;
    DROP INDEX call_events_user_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let changes = match manager.get_database_backend() {
            DbBackend::Sqlite => ON_SQLITE,
            _ => ON_POSTGRES,
        };
        manager.get_connection().execute_unprepared(changes).await?;
        Ok(())
    }
}
