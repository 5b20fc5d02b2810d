//! Calls that came to nothing, as whoever was called counts them: since they last looked.

use super::{
    Store, StoreError, Stored, Write,
    calls::with_seat,
    tables::{calls, users},
};
use parley_protocol::{Timestamp, UserId, call::CallStatus};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Nobody was reached.
const MISSED: [CallStatus; 3] = [CallStatus::Missed, CallStatus::Canceled, CallStatus::Busy];

impl Store {
    pub async fn missed_calls(&self, user: UserId) -> Stored<u32> {
        count(&self.db, user).await
    }
}

impl Write {
    /// The person looks at their calls. Whether there was something to see.
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
    let missed = with_seat(&[user])
        .filter(calls::Column::EndedAt.gt(row.calls_seen_at))
        .filter(calls::Column::InitiatorId.ne(user.0))
        .filter(calls::Column::Status.is_in(MISSED.map(CallStatus::as_str)));
    u32::try_from(missed.count(c).await?).map_err(|_| StoreError::bad_row("missed"))
}
