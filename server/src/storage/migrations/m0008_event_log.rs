//! The log of a call says who did something as it was, whatever becomes of them: a value, not a reference. So it needs no
//! index on people either, into which each event would be written at another place.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_event_log"
    }
}

/// SQLite takes no reference back; the table is made anew, all of it or nothing.
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
