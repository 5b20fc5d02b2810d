//! How calls were: samples, connections, ratings, and the numbers of one person's calls.

use super::{
    Store, StoreError, Stored, Write,
    calls::with_seat,
    rows::word,
    tables::{
        call_connections as connections, call_feedback as feedback, call_quality_samples as samples, calls,
    },
};
use parley_protocol::{
    CallId, Timestamp, UserId,
    call::{CallStatus, CallType},
    quality::{CallStatistics, Feedback, QualityReport, QualitySample},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Sum {
    call_type: String,
    status: String,
    calls: i64,
    connected: i64,
    seconds: Option<i64>,
    longest: Option<i64>,
}

impl Store {
    /// All calls of the person that are over.
    pub async fn call_statistics(&self, user: UserId) -> Stored<CallStatistics> {
        let mut all = CallStatistics::default();
        for outgoing in [true, false] {
            let by = calls::Column::InitiatorId;
            let some: Vec<Sum> = with_seat(&[user])
                .filter(calls::Column::EndedAt.is_not_null())
                .filter(if outgoing { by.eq(user.0) } else { by.ne(user.0) })
                .select_only()
                .column(calls::Column::CallType)
                .column(calls::Column::Status)
                .column_as(calls::Column::Id.count(), "calls")
                // Those that have one.
                .column_as(calls::Column::ConnectedAt.count(), "connected")
                .column_as(Expr::cust("CAST(SUM(duration_seconds) AS BIGINT)"), "seconds")
                .column_as(calls::Column::DurationSeconds.max(), "longest")
                .group_by(calls::Column::CallType)
                .group_by(calls::Column::Status)
                .into_model()
                .all(&self.db)
                .await?;
            for row in some {
                add(&mut all, &row, outgoing)?;
            }
        }
        Ok(all)
    }
}

fn add(all: &mut CallStatistics, row: &Sum, outgoing: bool) -> Stored<()> {
    let number = |n: i64| u64::try_from(n).map_err(|_| StoreError::bad_row("statistics"));
    let calls = number(row.calls)?;
    all.calls += calls;
    *(if outgoing { &mut all.outgoing } else { &mut all.incoming }) += calls;
    // Whoever hangs up while it connects ends it, too.
    all.connected += number(row.connected)?;
    match word(&row.call_type)? {
        CallType::Audio => all.audio += calls,
        CallType::Video => all.video += calls,
    }
    match word(&row.status)? {
        CallStatus::Missed | CallStatus::Busy => all.missed += calls,
        CallStatus::Declined => all.declined += calls,
        CallStatus::Failed => all.failed += calls,
        _ => {}
    }
    all.talk_seconds += number(row.seconds.unwrap_or(0))?;
    all.longest_seconds = std::cmp::max(all.longest_seconds, number(row.longest.unwrap_or(0))?);
    Ok(())
}

impl Write {
    pub async fn insert_quality(
        &self,
        call: CallId,
        user: UserId,
        report: &QualityReport,
        now: Timestamp,
    ) -> Stored<()> {
        let rows = report.samples.iter().map(|sample| sample_row(call, user, sample, now));
        if !report.samples.is_empty() {
            samples::Entity::insert_many(rows).exec_without_returning(&self.tx).await?;
        }
        let rows = report.connections.iter().map(|path| connections::ActiveModel {
            id: Set(Uuid::now_v7()),
            call_id: Set(call.0),
            user_id: Set(user.0),
            peer_id: Set(path.peer_id.map(|id| id.0)),
            setup_ms: Set(path.setup_ms.map(small)),
            local_candidate: Set(path.local_candidate.map(|kind| kind.to_string())),
            remote_candidate: Set(path.remote_candidate.map(|kind| kind.to_string())),
            protocol: Set(path.protocol.clone()),
            ice_restarts: Set(small(path.ice_restarts)),
            created_at: Set(now.0),
        });
        if !report.connections.is_empty() {
            connections::Entity::insert_many(rows).exec_without_returning(&self.tx).await?;
        }
        Ok(())
    }

    /// In place of what the person said before.
    pub async fn put_feedback(
        &self,
        call: CallId,
        user: UserId,
        said: &Feedback,
        now: Timestamp,
    ) -> Stored<()> {
        feedback::Entity::delete_by_id((call.0, user.0)).exec(&self.tx).await?;
        let row = feedback::ActiveModel {
            call_id: Set(call.0),
            user_id: Set(user.0),
            stars: Set(said.stars.into()),
            tags: Set(said.tags.join(" ")),
            comment: Set(said.comment.clone()),
            created_at: Set(now.0),
        };
        feedback::Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    pub async fn delete_samples_before(&self, then: Timestamp) -> Stored<u64> {
        let done = samples::Entity::delete_many()
            .filter(samples::Column::CapturedAt.lte(then.0))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected)
    }
}

fn sample_row(call: CallId, user: UserId, sample: &QualitySample, now: Timestamp) -> samples::ActiveModel {
    samples::ActiveModel {
        id: Set(Uuid::now_v7()),
        call_id: Set(call.0),
        user_id: Set(user.0),
        peer_id: Set(sample.peer_id.map(|id| id.0)),
        packet_loss: Set(sample.packet_loss),
        rtt_ms: Set(sample.rtt_ms.map(small)),
        jitter_ms: Set(sample.jitter_ms.map(small)),
        up_kbps: Set(sample.up_kbps.map(small)),
        down_kbps: Set(sample.down_kbps.map(small)),
        fps: Set(sample.fps.map(small)),
        width: Set(sample.width.map(small)),
        height: Set(sample.height.map(small)),
        codec: Set(sample.codec.clone()),
        candidate: Set(sample.candidate.map(|kind| kind.to_string())),
        score: Set(sample.score.to_string()),
        // A clock that is ahead does not keep a sample for longer.
        captured_at: Set(sample.captured_at.min(now).0),
    }
}

/// Numbers have been checked; no more than fits is ever kept.
fn small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
