//! The tables of groups, blocks and sign-ins, and the columns of personal settings.

use super::shape::{add, index, table, to};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, integer, integer_null, pk_uuid, string, string_null, uuid},
    sea_query::{IndexCreateStatement, TableAlterStatement, TableCreateStatement},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_people"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            manager.alter_table(column).await?;
        }
        for table in people().into_iter().chain(groups()) {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn columns() -> Vec<TableAlterStatement> {
    vec![
        add("users", boolean("do_not_disturb").default(false)),
        add("users", boolean("always_relay").default(false)),
        add("users", boolean("call_waiting").default(false)),
        add("users", string("plan").default("free")),
        add("sessions", big_integer("used_at").default(0)),
        add("sessions", string("client").default("")),
        add("conversations", string_null("name")),
    ]
}

fn people() -> Vec<TableCreateStatement> {
    let identities = table("identities")
        .col(string("issuer"))
        .col(string("subject"))
        .col(uuid("user_id"))
        .col(big_integer("created_at"))
        .primary_key(Index::create().col("issuer").col("subject"))
        .foreign_key(&mut to("identities", "user_id", "users"))
        .take();
    let logins = table("oidc_logins")
        .col(string("state_hash").primary_key())
        .col(string("browser_hash"))
        .col(string("nonce"))
        .col(string("verifier"))
        .col(string("return_to"))
        .col(big_integer("expires_at"))
        .take();
    let blocks = table("blocks")
        .col(uuid("user_id"))
        .col(uuid("blocked_id"))
        .col(big_integer("created_at"))
        .primary_key(Index::create().col("user_id").col("blocked_id"))
        .foreign_key(&mut to("blocks", "user_id", "users"))
        .foreign_key(&mut to("blocks", "blocked_id", "users"))
        .take();
    vec![identities, logins, blocks]
}

fn groups() -> Vec<TableCreateStatement> {
    let invited = table("group_invitations")
        .col(uuid("conversation_id"))
        .col(uuid("user_id"))
        .col(uuid("invited_by"))
        .col(big_integer("created_at"))
        .primary_key(Index::create().col("conversation_id").col("user_id"))
        .foreign_key(&mut to("group_invitations", "conversation_id", "conversations"))
        .foreign_key(&mut to("group_invitations", "user_id", "users"))
        .foreign_key(&mut to("group_invitations", "invited_by", "users"))
        .take();
    let links = table("group_links")
        .col(pk_uuid("id"))
        .col(uuid("conversation_id"))
        .col(uuid("made_by"))
        .col(string("token_hash").unique_key())
        .col(integer_null("max_uses"))
        .col(integer("uses").default(0))
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .foreign_key(&mut to("group_links", "conversation_id", "conversations"))
        .foreign_key(&mut to("group_links", "made_by", "users"))
        .take();
    // Messages that are hidden from a person who had blocked the sender when they were written.
    let hidden = table("hidden_messages")
        .col(uuid("message_id"))
        .col(uuid("user_id"))
        .primary_key(Index::create().col("message_id").col("user_id"))
        .foreign_key(&mut to("hidden_messages", "message_id", "messages"))
        .foreign_key(&mut to("hidden_messages", "user_id", "users"))
        .take();
    vec![invited, links, hidden]
}

/// Lists the indexes: every foreign key that does not begin a primary key, and times that are searched for.
fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("identities", &["user_id"]),
        index("oidc_logins", &["expires_at"]),
        index("blocks", &["blocked_id"]),
        index("group_invitations", &["user_id"]),
        index("group_invitations", &["invited_by"]),
        index("group_links", &["conversation_id"]),
        index("group_links", &["made_by"]),
        index("group_links", &["expires_at"]),
        index("hidden_messages", &["user_id"]),
    ]
}
