//! Several servers: who of them looks after a deadline.

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
        // Which of the call's deadlines was taken by a server, and until when it is that server's alone.
        manager.alter_table(add("calls", big_integer_null("claimed_deadline"))).await?;
        manager.alter_table(add("calls", big_integer_null("claimed_until"))).await
    }
}
