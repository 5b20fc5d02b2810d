//! Claims of several servers on deadlines, so that one of them looks after each.

use super::shape::add;
use sea_orm_migration::{prelude::*, schema::big_integer_null};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_servers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The deadline that a server has claimed, and the time until which it is that server's alone.
        manager.alter_table(add("calls", big_integer_null("claimed_deadline"))).await?;
        manager.alter_table(add("calls", big_integer_null("claimed_until"))).await
    }
}
