//! An index of open seats, whose people are in a call or invited to one. Decisions about a person's calls
//! look them up, and they stay few, however many calls there were.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_live_seats"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The schema builder has no partial indexes.
        let open = "CREATE INDEX call_participants_open ON call_participants (user_id) WHERE left_at IS NULL";
        manager.get_connection().execute_unprepared(open).await?;
        Ok(())
    }
}
