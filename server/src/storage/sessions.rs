//! Sessions of signed-in browsers and API clients. Only a digest of the token is kept.

use super::{Cursor, Store, Stored, Write, page::page, tables::sessions};
use parley_protocol::{SessionId, Timestamp, UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    pub id: SessionId,
    pub user_id: UserId,
    pub created_at: Timestamp,
    /// The time when its end was last moved.
    pub used_at: Timestamp,
    pub expires_at: Timestamp,
    /// The name that the client gives itself.
    pub client: String,
}

impl Store {
    pub async fn session(&self, token_hash: &str, now: Timestamp) -> Stored<Option<SessionRow>> {
        let row = sessions::Entity::find()
            .filter(sessions::Column::TokenHash.eq(token_hash))
            .filter(sessions::Column::ExpiresAt.gt(now.0))
            .one(&self.db)
            .await?;
        Ok(row.map(session))
    }

    /// Checks that the session has neither ended nor expired.
    pub async fn is_session(&self, id: SessionId, now: Timestamp) -> Stored<bool> {
        Ok(!self.sessions_among(&[id], now).await?.is_empty())
    }

    /// Returns the sessions that have neither ended nor expired.
    pub async fn sessions_among(&self, ids: &[SessionId], now: Timestamp) -> Stored<Vec<SessionRow>> {
        let rows = sessions::Entity::find()
            .filter(sessions::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .filter(sessions::Column::ExpiresAt.gt(now.0))
            .all(&self.db)
            .await?;
        Ok(rows.into_iter().map(session).collect())
    }

    /// Returns the person's sessions, newest first, after the cursor if there is one.
    pub async fn sessions_of(
        &self,
        user: UserId,
        now: Timestamp,
        after: Option<Cursor>,
        limit: u64,
    ) -> Stored<Vec<SessionRow>> {
        let live = sessions::Entity::find()
            .filter(sessions::Column::UserId.eq(user.0))
            .filter(sessions::Column::ExpiresAt.gt(now.0));
        let rows = page(live, (sessions::Column::CreatedAt, sessions::Column::Id), after, limit);
        Ok(rows.all(&self.db).await?.into_iter().map(session).collect())
    }
}

impl Write {
    pub async fn insert_session(&self, row: &SessionRow, token_hash: &str) -> Stored<()> {
        let row = sessions::ActiveModel {
            id: Set(row.id.0),
            user_id: Set(row.user_id.0),
            token_hash: Set(token_hash.to_owned()),
            created_at: Set(row.created_at.0),
            used_at: Set(row.used_at.0),
            expires_at: Set(row.expires_at.0),
            client: Set(row.client.clone()),
        };
        sessions::Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    /// Moves the end of sessions that are in use. A session that has expired meanwhile stays expired.
    pub async fn extend_sessions(&self, ids: &[SessionId], now: Timestamp, until: Timestamp) -> Stored<()> {
        let row =
            sessions::ActiveModel { used_at: Set(now.0), expires_at: Set(until.0), ..Default::default() };
        sessions::Entity::update_many()
            .set(row)
            .filter(sessions::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .filter(sessions::Column::ExpiresAt.gt(now.0))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Deletes a session of the person; returns whether there was one.
    pub async fn delete_session(&self, of: UserId, id: SessionId) -> Stored<bool> {
        let done = sessions::Entity::delete_by_id(id.0)
            .filter(sessions::Column::UserId.eq(of.0))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected > 0)
    }

    pub async fn delete_expired_sessions(&self, now: Timestamp) -> Stored<u64> {
        let done = sessions::Entity::delete_many()
            .filter(sessions::Column::ExpiresAt.lte(now.0))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected)
    }
}

fn session(row: sessions::Model) -> SessionRow {
    SessionRow {
        id: SessionId(row.id),
        user_id: UserId(row.user_id),
        created_at: Timestamp(row.created_at),
        used_at: Timestamp(row.used_at),
        expires_at: Timestamp(row.expires_at),
        client: row.client,
    }
}
