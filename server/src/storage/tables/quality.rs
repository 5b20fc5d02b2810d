//! The tables of call quality.

pub mod call_connections {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "call_connections")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub call_id: Uuid,
        pub user_id: Uuid,
        pub peer_id: Option<Uuid>,
        pub setup_ms: Option<i32>,
        pub local_candidate: Option<String>,
        pub remote_candidate: Option<String>,
        pub protocol: Option<String>,
        pub ice_restarts: i32,
        pub created_at: i64,
    }

    stands_alone!();
}

pub mod call_quality_samples {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "call_quality_samples")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub call_id: Uuid,
        pub user_id: Uuid,
        pub peer_id: Option<Uuid>,
        /// The lost packets in percent.
        pub packet_loss: Option<f64>,
        pub rtt_ms: Option<i32>,
        pub jitter_ms: Option<i32>,
        pub up_kbps: Option<i32>,
        pub down_kbps: Option<i32>,
        pub fps: Option<i32>,
        pub width: Option<i32>,
        pub height: Option<i32>,
        pub codec: Option<String>,
        pub candidate: Option<String>,
        pub score: String,
        pub captured_at: i64,
    }

    stands_alone!();
}

pub mod call_feedback {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "call_feedback")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub call_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        pub stars: i32,
        /// The tags, separated by blanks.
        pub tags: String,
        pub comment: String,
        pub created_at: i64,
    }

    stands_alone!();
}
