//! The columns of group calls, and the tables of call quality: connections, samples and feedback.

use super::shape::{add, index, table, to};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, boolean, double_null, integer, integer_null, pk_uuid, string,
        string_null, text_null, uuid, uuid_null,
    },
    sea_query::{IndexCreateStatement, TableAlterStatement, TableCreateStatement},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_calls"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            manager.alter_table(column).await?;
        }
        for table in tables() {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        // People who are being rung while this runs keep the deadline of their call.
        let rung = "UPDATE call_participants SET ring_deadline = \
            (SELECT calls.ring_deadline FROM calls WHERE calls.id = call_participants.call_id) \
            WHERE status IN ('invited', 'ringing')";
        manager.get_connection().execute_unprepared(rung).await?;
        Ok(())
    }
}

fn columns() -> Vec<TableAlterStatement> {
    vec![
        add("calls", integer("max_participants").default(8)),
        add("calls", big_integer_null("max_duration_ms")),
        add("calls", boolean("warned").default(false)),
        add("calls", big_integer_null("alone_deadline")),
        add("call_participants", boolean("hidden").default(false)),
        add("call_participants", big_integer_null("ring_deadline")),
        add("call_participants", boolean("screen").default(false)),
        add("call_participants", boolean("hand").default(false)),
        add("call_participants", integer("mutes").default(0)),
        add("call_events", text_null("data")),
    ]
}

fn tables() -> Vec<TableCreateStatement> {
    let connections = table("call_connections")
        .col(pk_uuid("id"))
        .col(uuid("call_id"))
        .col(uuid("user_id"))
        .col(uuid_null("peer_id"))
        .col(integer_null("setup_ms"))
        .col(string_null("local_candidate"))
        .col(string_null("remote_candidate"))
        .col(string_null("protocol"))
        .col(integer("ice_restarts"))
        .col(big_integer("created_at"))
        .foreign_key(&mut to("call_connections", "call_id", "calls"))
        .foreign_key(&mut to("call_connections", "user_id", "users"))
        .take();
    let samples = table("call_quality_samples")
        .col(pk_uuid("id"))
        .col(uuid("call_id"))
        .col(uuid("user_id"))
        .col(uuid_null("peer_id"))
        .col(double_null("packet_loss"))
        .col(integer_null("rtt_ms"))
        .col(integer_null("jitter_ms"))
        .col(integer_null("up_kbps"))
        .col(integer_null("down_kbps"))
        .col(integer_null("fps"))
        .col(integer_null("width"))
        .col(integer_null("height"))
        .col(string_null("codec"))
        .col(string_null("candidate"))
        .col(string("score"))
        .col(big_integer("captured_at"))
        .foreign_key(&mut to("call_quality_samples", "call_id", "calls"))
        .foreign_key(&mut to("call_quality_samples", "user_id", "users"))
        .take();
    let feedback = table("call_feedback")
        .col(uuid("call_id"))
        .col(uuid("user_id"))
        .col(integer("stars"))
        .col(string("tags"))
        .col(string("comment"))
        .col(big_integer("created_at"))
        .primary_key(Index::create().col("call_id").col("user_id"))
        .foreign_key(&mut to("call_feedback", "call_id", "calls"))
        .foreign_key(&mut to("call_feedback", "user_id", "users"))
        .take();
    vec![connections, samples, feedback]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("call_connections", &["call_id"]),
        index("call_connections", &["user_id"]),
        index("call_quality_samples", &["call_id"]),
        index("call_quality_samples", &["user_id"]),
        index("call_quality_samples", &["captured_at"]),
        index("call_feedback", &["user_id"]),
    ]
}
