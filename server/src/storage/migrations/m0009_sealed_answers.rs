//! Answers to requests with a key are sealed from now on. Those that were not, and the tokens in them, are gone: who asks
//! again across this step asks anew.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0009_sealed_answers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DELETE FROM idempotency_keys").await?;
        Ok(())
    }
}
