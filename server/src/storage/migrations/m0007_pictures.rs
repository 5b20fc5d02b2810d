//! The table of pictures: at most one per person, under an id that changes with the picture.

use super::shape::{add, table, to};
use sea_orm_migration::{
    prelude::*,
    schema::{blob, pk_uuid, string, uuid_null, uuid_uniq},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_pictures"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let pictures = table("pictures")
            .col(pk_uuid("id"))
            .col(uuid_uniq("user_id"))
            .col(string("kind"))
            .col(blob("bytes"))
            .foreign_key(&mut to("pictures", "user_id", "users"))
            .take();
        manager.create_table(pictures).await?;
        // The id is beside the name, so that a summary of a person takes one read.
        manager.alter_table(add("users", uuid_null("picture_id"))).await?;
        Ok(())
    }
}
