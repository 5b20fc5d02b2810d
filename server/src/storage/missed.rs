//! The count of calls that a person has missed since they last looked at their calls.

use super::{
    Store, StoreError, Stored, Write,
    tables::{call_participants as participants, calls, users},
};
use parley_protocol::{Timestamp, UserId, call::ParticipantStatus};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait,
};

/// The statuses of a person who was not reached, whether or not others talked.
const MISSED: [ParticipantStatus; 2] = [ParticipantStatus::Missed, ParticipantStatus::Busy];

impl Store {
    pub async fn missed_calls(&self, user: UserId) -> Stored<u32> {
        count(&self.db, user).await
    }
}

impl Write {
    /// Marks the person's calls as seen; returns whether any was missed.
    pub async fn see_calls(&self, user: UserId, now: Timestamp) -> Stored<bool> {
        if count(&self.tx, user).await? == 0 {
            return Ok(false);
        }
        let row = users::ActiveModel { calls_seen_at: Set(now.0), ..Default::default() };
        users::Entity::update_many().set(row).filter(users::Column::Id.eq(user.0)).exec(&self.tx).await?;
        Ok(true)
    }
}

async fn count<C: ConnectionTrait>(c: &C, user: UserId) -> Stored<u32> {
    let Some(row) = users::Entity::find_by_id(user.0).one(c).await? else { return Ok(0) };
    let seats = participants::Entity::find()
        .select_only()
        .column(participants::Column::CallId)
        .filter(participants::Column::UserId.eq(user.0))
        .filter(participants::Column::Hidden.eq(false))
        .filter(participants::Column::Status.is_in(MISSED.map(ParticipantStatus::as_str)))
        .into_query();
    let missed = calls::Entity::find()
        .filter(calls::Column::EndedAt.gt(row.calls_seen_at))
        .filter(calls::Column::Id.in_subquery(seats));
    u32::try_from(missed.count(c).await?).map_err(|_| StoreError::bad_row("missed"))
}
