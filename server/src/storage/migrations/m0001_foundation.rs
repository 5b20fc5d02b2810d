//! The tables of people, conversations and calls.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, boolean, integer, pk_uuid, string, string_null, text, uuid, uuid_null,
    },
    sea_query::{ForeignKeyAction, IndexCreateStatement, TableCreateStatement},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_foundation"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in people().into_iter().chain(conversations()).chain(calls()) {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        // At most one live call per conversation. The schema builder has no partial indexes.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX calls_one_live ON calls (conversation_id) WHERE ended_at IS NULL",
            )
            .await?;
        Ok(())
    }
}

fn people() -> Vec<TableCreateStatement> {
    let users = table("users")
        .col(pk_uuid("id"))
        .col(string("display_name"))
        .col(string("name_key"))
        .col(big_integer("created_at"))
        .take();
    let sessions = table("sessions")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(string("token_hash").unique_key())
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .foreign_key(&mut to("sessions", "user_id", "users"))
        .take();
    let invite_links = table("invite_links")
        .col(string("token_hash").primary_key())
        .col(uuid("user_id"))
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .foreign_key(&mut to("invite_links", "user_id", "users"))
        .take();
    let idempotency_keys = table("idempotency_keys")
        .col(uuid("user_id"))
        .col(string("key"))
        .col(string("request_hash"))
        .col(text("answer"))
        .col(big_integer("created_at"))
        .primary_key(Index::create().col("user_id").col("key"))
        .foreign_key(&mut to("idempotency_keys", "user_id", "users"))
        .take();
    vec![users, sessions, invite_links, idempotency_keys]
}

fn conversations() -> Vec<TableCreateStatement> {
    let conversations = table("conversations")
        .col(pk_uuid("id"))
        .col(string("kind"))
        .col(string("status"))
        .col(uuid("started_by"))
        .col(string_null("direct_key").unique_key())
        .col(uuid_null("last_message_id"))
        .col(big_integer("created_at"))
        .col(big_integer("updated_at"))
        .foreign_key(&mut to("conversations", "started_by", "users"))
        .take();
    let members = table("conversation_members")
        .col(uuid("conversation_id"))
        .col(uuid("user_id"))
        .col(string("role"))
        .col(integer("unread").default(0))
        .col(big_integer("joined_at"))
        .primary_key(Index::create().col("conversation_id").col("user_id"))
        .foreign_key(&mut to("conversation_members", "conversation_id", "conversations"))
        .foreign_key(&mut to("conversation_members", "user_id", "users"))
        .take();
    let messages = table("messages")
        .col(pk_uuid("id"))
        .col(uuid("conversation_id"))
        .col(uuid("sender_id"))
        .col(text("content"))
        .col(big_integer("created_at"))
        .foreign_key(&mut to("messages", "conversation_id", "conversations"))
        .foreign_key(&mut to("messages", "sender_id", "users"))
        .take();
    vec![conversations, members, messages]
}

fn calls() -> Vec<TableCreateStatement> {
    let calls = table("calls")
        .col(pk_uuid("id"))
        .col(uuid("conversation_id"))
        .col(uuid("initiator_id"))
        .col(string("call_type"))
        .col(string("mode"))
        .col(string("engine"))
        .col(string("status"))
        .col(big_integer("version"))
        .col(big_integer("created_at"))
        .col(big_integer("ring_deadline"))
        .col(big_integer_null("connect_deadline"))
        .col(big_integer_null("accepted_at"))
        .col(big_integer_null("connected_at"))
        .col(big_integer_null("ended_at"))
        .col(big_integer_null("duration_seconds"))
        .col(string_null("end_reason"))
        .col(big_integer_null("deadline_at"))
        .foreign_key(&mut to("calls", "conversation_id", "conversations"))
        .foreign_key(&mut to("calls", "initiator_id", "users"))
        .take();
    let participants = table("call_participants")
        .col(uuid("call_id"))
        .col(uuid("user_id"))
        .col(integer("position"))
        .col(string("role"))
        .col(string("status"))
        .col(uuid_null("device_id"))
        .col(text("ringing_on"))
        .col(big_integer_null("media_deadline"))
        .col(big_integer_null("socket_deadline"))
        .col(boolean("muted"))
        .col(boolean("video"))
        .col(big_integer("invited_at"))
        .col(big_integer_null("joined_at"))
        .col(big_integer_null("left_at"))
        .col(string_null("leave_reason"))
        .primary_key(Index::create().col("call_id").col("user_id"))
        .foreign_key(&mut to("call_participants", "call_id", "calls"))
        .foreign_key(&mut to("call_participants", "user_id", "users"))
        .take();
    let events = table("call_events")
        .col(uuid("call_id"))
        .col(big_integer("seq"))
        .col(uuid_null("user_id"))
        .col(string("event"))
        .col(big_integer("created_at"))
        .primary_key(Index::create().col("call_id").col("seq"))
        .foreign_key(&mut to("call_events", "call_id", "calls"))
        .foreign_key(&mut to("call_events", "user_id", "users"))
        .take();
    vec![calls, participants, events]
}

/// Lists the indexes: every foreign key that does not begin a primary key, and the orders of lists.
fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("users", &["name_key"]),
        index("sessions", &["user_id"]),
        index("sessions", &["expires_at"]),
        index("invite_links", &["user_id"]),
        index("invite_links", &["expires_at"]),
        index("idempotency_keys", &["created_at"]),
        index("conversations", &["started_by"]),
        index("conversations", &["updated_at", "id"]),
        index("conversation_members", &["user_id"]),
        index("messages", &["conversation_id", "created_at", "id"]),
        index("messages", &["sender_id"]),
        index("calls", &["conversation_id"]),
        index("calls", &["initiator_id"]),
        index("calls", &["deadline_at"]),
        index("calls", &["created_at", "id"]),
        index("call_participants", &["user_id"]),
        index("call_events", &["user_id"]),
    ]
}

fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).take()
}

fn to(table: &'static str, column: &'static str, target: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(target, "id").on_delete(ForeignKeyAction::Cascade).take()
}

fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}
