//! The time when a person last looked at their calls. Calls missed since then count as new on all their
//! devices.

use super::shape::add;
use sea_orm_migration::{prelude::*, schema::big_integer};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_seen_calls"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(add("users", big_integer("calls_seen_at").default(0))).await?;
        // Missed calls were not counted before, so none that is over by now counts as new.
        let seen = "UPDATE users SET calls_seen_at = COALESCE((SELECT MAX(ended_at) FROM calls), 0)";
        manager.get_connection().execute_unprepared(seen).await?;
        Ok(())
    }
}
