//! Personal invite links. Only a digest of the token is kept.

use super::{Store, Stored, Write, tables::invite_links};
use parley_protocol::{Timestamp, UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

impl Store {
    /// Returns the person who made the link, if it is still good.
    pub async fn invite_maker(&self, token_hash: &str, now: Timestamp) -> Stored<Option<UserId>> {
        let row = invite_links::Entity::find_by_id(token_hash)
            .filter(invite_links::Column::ExpiresAt.gt(now.0))
            .one(&self.db)
            .await?;
        Ok(row.map(|row| UserId(row.user_id)))
    }
}

impl Write {
    /// Counts the person's links that are still good.
    pub async fn count_invites(&self, maker: UserId, now: Timestamp) -> Stored<u64> {
        let own = invite_links::Entity::find().filter(invite_links::Column::UserId.eq(maker.0));
        Ok(own.filter(invite_links::Column::ExpiresAt.gt(now.0)).count(&self.tx).await?)
    }

    pub async fn insert_invite(
        &self,
        token_hash: &str,
        maker: UserId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Stored<()> {
        let row = invite_links::ActiveModel {
            token_hash: Set(token_hash.to_owned()),
            user_id: Set(maker.0),
            created_at: Set(now.0),
            expires_at: Set(expires_at.0),
        };
        invite_links::Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    pub async fn delete_expired_invites(&self, now: Timestamp) -> Stored<u64> {
        let done = invite_links::Entity::delete_many()
            .filter(invite_links::Column::ExpiresAt.lte(now.0))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected)
    }
}
