//! Seats that are open: in a call, or asked to come. What decides about somebody's calls asks for these, and they are few,
//! however many calls there were.

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
        // Partial, which the schema builder cannot say.
        let open = "CREATE INDEX call_participants_open ON call_participants (user_id) WHERE left_at IS NULL";
        manager.get_connection().execute_unprepared(open).await?;
        Ok(())
    }
}
