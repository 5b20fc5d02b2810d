//! The plan of a call, which decides its longest duration. Older calls get the plan that everybody had.

use super::shape::add;
use sea_orm_migration::{prelude::*, schema::string};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0010_plans"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(add("calls", string("plan").default("free"))).await
    }
}
