//! Writes of calls. A call, its participants and its event log change together.

use super::{
    Stored, Write, plain,
    rows::{call_row, seat_row},
    tables::{call_events as events, call_participants as participants, calls},
};
use parley_core::call::{Event, Record};
use parley_protocol::{CallId, Timestamp, UserId, quality::Score};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::LockType,
};

/// The most events of one decision. A version's events have numbers of their own, which keep the log in
/// order.
const EVENTS_PER_VERSION: i64 = 1_000;
/// The events of a shown quality that turns bad, and good again.
const DEGRADED: &str = "quality_degraded";
const RECOVERED: &str = "quality_recovered";

impl Write {
    /// Inserts a call. Fails with `Taken` when the conversation has another live call.
    pub async fn insert_call(
        &self,
        record: &Record,
        deadline: Option<Timestamp>,
        happened: &[Event],
    ) -> Stored<()> {
        plain::insert::<calls::Entity>(&self.tx, vec![call_row(record, deadline)]).await?;
        let seats = record.participants.iter().enumerate().map(|(i, seat)| seat_row(record.id, i, seat));
        plain::insert::<participants::Entity>(&self.tx, seats.collect()).await?;
        self.log(record, record.created_at, happened).await
    }

    /// Writes the changes of a call. Returns false, and writes nothing, when it has changed since `old` was
    /// read.
    pub async fn save_call(
        &self,
        old: &Record,
        new: &Record,
        deadline: Option<Timestamp>,
        now: Timestamp,
        happened: &[Event],
    ) -> Stored<bool> {
        let mut row = plain::changes::<calls::Entity>(&call_row(old, None), call_row(new, deadline));
        if deadline.is_none() {
            // `old` is compared without its deadline, because the stored one may have been put off and the
            // record does not know. So a deadline that ends looks unchanged, and has to be cleared
            // explicitly.
            row.push((calls::Column::DeadlineAt, None::<i64>.into()));
        }
        let as_it_was = vec![
            (calls::Column::Id, new.id.0.into()),
            (calls::Column::Version, i64::from(old.version).into()),
        ];
        if plain::update::<calls::Entity>(&self.tx, row, as_it_was).await? == 0 {
            return Ok(false);
        }
        for (position, seat) in new.participants.iter().enumerate() {
            let row = seat_row(new.id, position, seat);
            let Some(before) = old.participants.get(position) else {
                plain::insert::<participants::Entity>(&self.tx, vec![row]).await?;
                continue;
            };
            if before == seat {
                continue;
            }
            let row = plain::changes::<participants::Entity>(&seat_row(new.id, position, before), row);
            let its = vec![
                (participants::Column::CallId, new.id.0.into()),
                (participants::Column::UserId, seat.user_id.0.into()),
            ];
            plain::update::<participants::Entity>(&self.tx, row, its).await?;
        }
        self.log(new, now, happened).await?;
        Ok(true)
    }

    /// Moves a deadline that has passed, without changing the call. Returns false when it has a later one by
    /// now.
    pub async fn put_off_deadline(&self, id: CallId, now: Timestamp, until: Timestamp) -> Stored<bool> {
        let row = calls::ActiveModel { deadline_at: Set(Some(until.0)), ..Default::default() };
        let done = calls::Entity::update_many()
            .set(row)
            .filter(calls::Column::Id.eq(id.0))
            .filter(calls::Column::DeadlineAt.lte(now.0))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected > 0)
    }

    /// Logs that the quality shown to a person turned bad, or good again, unless the log says so already.
    pub async fn log_quality(&self, call: CallId, user: UserId, shown: Score, now: Timestamp) -> Stored<()> {
        let event = if shown.is_bad() { DEGRADED } else { RECOVERED };
        let lines = || events::Entity::find().filter(events::Column::CallId.eq(call.0));
        // Decisions about the call wait for this lock, so that no two entries get the same number.
        let mut its = calls::Entity::find_by_id(call.0);
        if !self.is_alone() {
            its = its.lock(LockType::NoKeyUpdate);
        }
        // A report may come after the end of the call, which has the last word in the log.
        let live = its.one(&self.tx).await?.filter(|call| call.ended_at.is_none());
        let Some(call) = live else { return Ok(()) };
        let last = lines()
            .filter(events::Column::UserId.eq(user.0))
            .filter(events::Column::Event.is_in([DEGRADED, RECOVERED]))
            .order_by_desc(events::Column::Seq)
            .one(&self.tx)
            .await?;
        if last.as_ref().map_or(RECOVERED, |line| &line.event) == event {
            return Ok(());
        }
        let newest = lines().order_by_desc(events::Column::Seq).one(&self.tx).await?;
        let seq = newest.map_or(0, |line| line.seq) + 1;
        // The numbers of the next version belong to the next decision. A device whose quality turns this
        // often is not believed.
        if seq >= (call.version + 1) * EVENTS_PER_VERSION {
            return Ok(());
        }
        let row = vec![
            (events::Column::CallId, call.id.into()),
            (events::Column::Seq, seq.into()),
            (events::Column::UserId, Some(user.0).into()),
            (events::Column::Event, event.into()),
            (events::Column::Data, Some(shown.as_str()).into()),
            (events::Column::CreatedAt, now.0.into()),
        ];
        Ok(plain::insert::<events::Entity>(&self.tx, vec![row]).await?)
    }

    async fn log(&self, record: &Record, now: Timestamp, happened: &[Event]) -> Stored<()> {
        let first = i64::from(record.version) * EVENTS_PER_VERSION;
        let told = happened.iter().filter(|event| !matches!(event, Event::Silenced { .. }));
        let rows = told.zip(first..).map(|(event, seq)| {
            vec![
                (events::Column::CallId, record.id.0.into()),
                (events::Column::Seq, seq.into()),
                (events::Column::UserId, event.user().map(|id| id.0).into()),
                (events::Column::Event, event.name().into()),
                (events::Column::Data, event.data().into()),
                (events::Column::CreatedAt, now.0.into()),
            ]
        });
        Ok(plain::insert::<events::Entity>(&self.tx, rows.collect()).await?)
    }
}
