//! First answers to requests that carry an `Idempotency-Key`.

use super::{Store, Stored, Write, tables::idempotency_keys};
use parley_protocol::{Timestamp, UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// A digest of a request, and the answer to it.
pub struct Answered {
    pub request_hash: String,
    /// The answer, encrypted.
    pub answer: String,
}

impl Store {
    pub async fn answered(&self, user: UserId, key_hash: &str, since: Timestamp) -> Stored<Option<Answered>> {
        let row = idempotency_keys::Entity::find_by_id((user.0, key_hash.to_owned()))
            .filter(idempotency_keys::Column::CreatedAt.gt(since.0))
            .one(&self.db)
            .await?;
        Ok(row.map(|row| Answered { request_hash: row.request_hash, answer: row.answer }))
    }
}

impl Write {
    /// Stores the answer to a request. Fails with `Taken` when the key has an answer that is younger than
    /// `since`.
    pub async fn remember_answer(
        &self,
        user: UserId,
        key_hash: &str,
        answered: Answered,
        since: Timestamp,
        now: Timestamp,
    ) -> Stored<()> {
        idempotency_keys::Entity::delete_by_id((user.0, key_hash.to_owned()))
            .filter(idempotency_keys::Column::CreatedAt.lte(since.0))
            .exec(&self.tx)
            .await?;
        let row = idempotency_keys::ActiveModel {
            user_id: Set(user.0),
            key: Set(key_hash.to_owned()),
            request_hash: Set(answered.request_hash),
            answer: Set(answered.answer),
            created_at: Set(now.0),
        };
        idempotency_keys::Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    pub async fn delete_answers_before(&self, then: Timestamp) -> Stored<u64> {
        let done = idempotency_keys::Entity::delete_many()
            .filter(idempotency_keys::Column::CreatedAt.lte(then.0))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected)
    }
}
