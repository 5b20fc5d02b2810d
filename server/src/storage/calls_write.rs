//! Calls: writing them. Call, participants and event log change together.

use super::{
    Stored, Write, plain,
    rows::{call_row, seat_row},
    tables::{call_events as events, call_participants as participants, calls},
};
use parley_core::call::{Event, Record};
use parley_protocol::{CallId, Timestamp};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Most events that one decision can cause, for the order of the log.
const EVENTS_PER_VERSION: i64 = 1_000;

impl Write {
    /// Fails with `Taken` when another call lives in the conversation.
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

    /// False, and nothing written, when the call has changed since `old` was read.
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
            // It may have been put off since, of which the record knows nothing.
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

    /// Moves a deadline that has passed; the call stays as it is. False when it has another meanwhile.
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
