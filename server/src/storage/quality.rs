//! The quality of calls: samples, connections and feedback, and the statistics of one person's calls.

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
    quality::{CallQuality, CallStatistics, CandidateKind, Feedback, QualityReport, QualitySample, Score},
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
    /// Sums up all ended calls of the person.
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
                // Counts only calls that have the time, because COUNT skips NULL.
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

    /// Returns the quality of a call as the person's devices measured it; `None` once the samples are
    /// deleted.
    pub async fn call_quality(&self, call: CallId, user: UserId) -> Stored<Option<CallQuality>> {
        let sums: Vec<SampleSum> = samples::Entity::find()
            .filter(samples::Column::CallId.eq(call.0))
            .filter(samples::Column::UserId.eq(user.0))
            .select_only()
            .column(samples::Column::Score)
            .column_as(samples::Column::Id.count(), "samples")
            .column_as(samples::Column::PacketLoss.count(), "losses")
            .column_as(samples::Column::PacketLoss.sum(), "loss")
            .column_as(samples::Column::RttMs.count(), "trips")
            .column_as(Expr::cust("CAST(SUM(rtt_ms) AS BIGINT)"), "trip")
            .group_by(samples::Column::Score)
            .into_model()
            .all(&self.db)
            .await?;
        if sums.is_empty() {
            return Ok(None);
        }
        let paths = connections::Entity::find()
            .filter(connections::Column::CallId.eq(call.0))
            .filter(connections::Column::UserId.eq(user.0))
            .all(&self.db)
            .await?;
        Ok(Some(quality(&sums, &paths)?))
    }
}

/// The samples of one score.
#[derive(FromQueryResult)]
struct SampleSum {
    score: String,
    samples: i64,
    losses: i64,
    loss: Option<f64>,
    trips: i64,
    trip: Option<i64>,
}

fn quality(sums: &[SampleSum], paths: &[connections::Model]) -> Stored<CallQuality> {
    let all: i64 = sums.iter().map(|sum| sum.samples).sum();
    let mut scores = Vec::with_capacity(sums.len());
    for sum in sums {
        scores.push((word::<Score>(&sum.score)?, sum.samples));
    }
    let bad: i64 = scores.iter().filter(|(score, _)| score.is_bad()).map(|(_, samples)| samples).sum();
    // From the best score downwards until half of the samples are counted.
    let mut counted = 0;
    let reached = Score::ALL.iter().copied().find(|score| {
        counted += scores.iter().filter(|(of, _)| of == score).map(|(_, samples)| samples).sum::<i64>();
        counted * 2 >= all
    });
    let losses: u32 =
        sums.iter().map(|sum| u32::try_from(sum.losses).unwrap_or(u32::MAX)).fold(0, u32::saturating_add);
    let lost: f64 = sums.iter().filter_map(|sum| sum.loss).sum();
    let (trip, trips) =
        sums.iter().fold((0, 0), |(trip, trips), sum| (trip + sum.trip.unwrap_or(0), trips + sum.trips));
    let relay = Some(CandidateKind::Relay.as_str());
    Ok(CallQuality {
        score: reached.unwrap_or(Score::Lost),
        bad_percent: u8::try_from(bad * 100 / all.max(1)).unwrap_or(100),
        packet_loss: (losses > 0).then(|| lost / f64::from(losses)),
        rtt_ms: (trips > 0).then(|| u32::try_from(trip / trips).unwrap_or(u32::MAX)),
        setup_ms: paths.iter().filter_map(|path| path.setup_ms).filter_map(|ms| u32::try_from(ms).ok()).max(),
        relayed: paths.iter().any(|path| {
            path.local_candidate.as_deref() == relay || path.remote_candidate.as_deref() == relay
        }),
    })
}

fn add(all: &mut CallStatistics, row: &Sum, outgoing: bool) -> Stored<()> {
    let number = |n: i64| u64::try_from(n).map_err(|_| StoreError::bad_row("statistics"));
    let calls = number(row.calls)?;
    all.calls += calls;
    *(if outgoing { &mut all.outgoing } else { &mut all.incoming }) += calls;
    // The status does not tell: a call that was hung up while it connected has ended as well.
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

    /// Stores the person's feedback in place of an earlier one.
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
        // Samples are deleted by age. A client whose clock is ahead must not keep one for longer.
        captured_at: Set(sample.captured_at.min(now).0),
    }
}

/// Converts a number for a 32-bit column; one that does not fit becomes the largest.
fn small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
