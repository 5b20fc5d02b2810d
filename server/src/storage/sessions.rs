//! Signed-in browsers and API clients. Only a digest of the token is kept.

use super::{Store, Stored, Write, tables::sessions};
use parley_protocol::{SessionId, Timestamp, UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionRow {
    pub id: SessionId,
    pub user_id: UserId,
    pub expires_at: Timestamp,
}

impl Store {
    pub async fn session(&self, token_hash: &str, now: Timestamp) -> Stored<Option<SessionRow>> {
        let row = sessions::Entity::find()
            .filter(sessions::Column::TokenHash.eq(token_hash))
            .filter(sessions::Column::ExpiresAt.gt(now.0))
            .one(&self.db)
            .await?;
        Ok(row.map(|row| SessionRow {
            id: SessionId(row.id),
            user_id: UserId(row.user_id),
            expires_at: Timestamp(row.expires_at),
        }))
    }

    /// Whether the session has neither ended nor expired.
    pub async fn is_session(&self, id: SessionId, now: Timestamp) -> Stored<bool> {
        Ok(!self.sessions_among(&[id], now).await?.is_empty())
    }

    /// Those of the sessions that have neither ended nor expired.
    pub async fn sessions_among(&self, ids: &[SessionId], now: Timestamp) -> Stored<Vec<SessionId>> {
        let rows = sessions::Entity::find()
            .filter(sessions::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .filter(sessions::Column::ExpiresAt.gt(now.0))
            .all(&self.db)
            .await?;
        Ok(rows.into_iter().map(|row| SessionId(row.id)).collect())
    }
}

impl Write<'_> {
    pub async fn insert_session(&self, row: &SessionRow, token_hash: &str, now: Timestamp) -> Stored<()> {
        let row = sessions::ActiveModel {
            id: Set(row.id.0),
            user_id: Set(row.user_id.0),
            token_hash: Set(token_hash.to_owned()),
            created_at: Set(now.0),
            expires_at: Set(row.expires_at.0),
            used_at: Set(now.0),
            client: Set(String::new()),
        };
        sessions::Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    pub async fn extend_session(&self, id: SessionId, until: Timestamp) -> Stored<()> {
        let row = sessions::ActiveModel { expires_at: Set(until.0), ..Default::default() };
        sessions::Entity::update_many().set(row).filter(sessions::Column::Id.eq(id.0)).exec(&self.tx).await?;
        Ok(())
    }

    pub async fn delete_session(&self, id: SessionId) -> Stored<()> {
        sessions::Entity::delete_by_id(id.0).exec(&self.tx).await?;
        Ok(())
    }

    pub async fn delete_expired_sessions(&self, now: Timestamp) -> Stored<u64> {
        let done = sessions::Entity::delete_many()
            .filter(sessions::Column::ExpiresAt.lte(now.0))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected)
    }
}
