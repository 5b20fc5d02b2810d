//! The tables for `SeaORM`: plain rows without relations. Times are milliseconds since 1970.

/// Implements the traits that `SeaORM` requires, for a table without declared relations.
macro_rules! stands_alone {
    () => {
        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}
    };
}

mod people;
mod quality;

pub use people::*;
pub use quality::*;

pub mod users {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub display_name: String,
        /// The name in lower case, for the search.
        pub name_key: String,
        pub created_at: i64,
        pub do_not_disturb: bool,
        pub always_relay: bool,
        pub call_waiting: bool,
        pub plan: String,
        /// The time when the person last looked at their calls.
        pub calls_seen_at: i64,
        pub picture_id: Option<Uuid>,
    }

    stands_alone!();
}

pub mod sessions {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub token_hash: String,
        pub created_at: i64,
        pub expires_at: i64,
        pub used_at: i64,
        /// The name that the client gives itself.
        pub client: String,
    }

    stands_alone!();
}

pub mod invite_links {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invite_links")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: String,
        pub user_id: Uuid,
        pub created_at: i64,
        pub expires_at: i64,
    }

    stands_alone!();
}

pub mod conversations {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "conversations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub status: String,
        pub started_by: Uuid,
        /// Both ids of a direct conversation in order; it is unique, so that two people have one
        /// conversation.
        pub direct_key: Option<String>,
        /// The name of a group.
        pub name: Option<String>,
        pub last_message_id: Option<Uuid>,
        pub created_at: i64,
        pub updated_at: i64,
    }

    stands_alone!();
}

pub mod conversation_members {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "conversation_members")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub conversation_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        pub role: String,
        pub unread: i32,
        pub joined_at: i64,
    }

    stands_alone!();
}

pub mod messages {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "messages")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub conversation_id: Uuid,
        pub sender_id: Uuid,
        /// A `MessageContent` as JSON.
        pub content: String,
        pub created_at: i64,
    }

    stands_alone!();
}

pub mod calls {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "calls")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub conversation_id: Uuid,
        pub initiator_id: Uuid,
        pub call_type: String,
        pub mode: String,
        pub engine: String,
        pub status: String,
        pub version: i64,
        pub created_at: i64,
        pub ring_deadline: i64,
        pub connect_deadline: Option<i64>,
        pub accepted_at: Option<i64>,
        pub connected_at: Option<i64>,
        pub ended_at: Option<i64>,
        pub duration_seconds: Option<i64>,
        pub end_reason: Option<String>,
        /// The time when the call has to be decided about again; absent when it is over.
        pub deadline_at: Option<i64>,
        pub max_participants: i32,
        pub max_duration_ms: Option<i64>,
        pub warned: bool,
        pub alone_deadline: Option<i64>,
        pub plan: String,
    }

    stands_alone!();
}

pub mod call_participants {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "call_participants")]
    #[expect(clippy::struct_excessive_bools, reason = "a row, whose columns stand on their own")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub call_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        /// The position in the roster: in the order of invitation, the initiator first.
        pub position: i32,
        pub role: String,
        pub status: String,
        pub device_id: Option<Uuid>,
        /// The ids of the devices that ring, separated by blanks.
        pub ringing_on: String,
        pub media_deadline: Option<i64>,
        pub socket_deadline: Option<i64>,
        pub muted: bool,
        pub video: bool,
        pub invited_at: i64,
        pub joined_at: Option<i64>,
        pub left_at: Option<i64>,
        pub leave_reason: Option<String>,
        pub hidden: bool,
        pub ring_deadline: Option<i64>,
        pub screen: bool,
        pub hand: bool,
        pub mutes: i32,
    }

    stands_alone!();
}

pub mod call_events {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "call_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub call_id: Uuid,
        /// The position in the log of the call.
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub user_id: Option<Uuid>,
        pub event: String,
        pub created_at: i64,
        pub data: Option<String>,
    }

    stands_alone!();
}

pub mod idempotency_keys {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        /// A digest of the key.
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        /// A digest of the request, because the same key with another body is refused.
        pub request_hash: String,
        /// The answer, encrypted with the key.
        pub answer: String,
        pub created_at: i64,
    }

    stands_alone!();
}
