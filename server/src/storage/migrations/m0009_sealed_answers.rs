//! The deletion of answers that were stored without encryption, with the tokens in them. A request that is
//! repeated with its idempotency key across this migration is carried out again.

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
