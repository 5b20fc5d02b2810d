//! Blocks between people.

use super::{
    Cursor, Store, Stored, Write,
    page::page,
    tables::{blocks, users},
    users::summary,
};
use parley_protocol::{Timestamp, UserId, people::UserSummary};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait, Statement,
    sea_query::{Condition, SelectStatement},
};

/// A block of one person by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Block {
    pub by: UserId,
    pub of: UserId,
}

impl Store {
    /// Returns the people among these who have blocked the person.
    pub async fn blockers_among(&self, these: &[UserId], of: UserId) -> Stored<Vec<UserId>> {
        blockers(&self.db, these, of).await
    }

    /// Returns the people among these whom the person has blocked.
    pub async fn blocked_among(&self, these: &[UserId], by: UserId) -> Stored<Vec<UserId>> {
        let rows = blocks::Entity::find()
            .filter(blocks::Column::UserId.eq(by.0))
            .filter(blocks::Column::BlockedId.is_in(these.iter().map(|id| id.0)))
            .all(&self.db)
            .await?;
        Ok(rows.into_iter().map(|row| UserId(row.blocked_id)).collect())
    }

    /// Returns every block between two of these people.
    pub async fn blocks_within(&self, these: &[UserId]) -> Stored<Vec<Block>> {
        within(&self.db, these).await
    }

    /// Returns every block by or of one of these people.
    pub async fn blocks_around(&self, these: &[UserId]) -> Stored<Vec<Block>> {
        let ids = || these.iter().map(|id| id.0);
        let either = Condition::any()
            .add(blocks::Column::UserId.is_in(ids()))
            .add(blocks::Column::BlockedId.is_in(ids()));
        Ok(blocks::Entity::find().filter(either).all(&self.db).await?.iter().map(block).collect())
    }

    /// Returns the people whom the person has blocked, newest first, each with the cursor of its row.
    pub async fn blocked_by(
        &self,
        user: UserId,
        after: Option<Cursor>,
        limit: u64,
    ) -> Stored<Vec<(UserSummary, Cursor)>> {
        let all = blocks::Entity::find().filter(blocks::Column::UserId.eq(user.0));
        let order = (blocks::Column::CreatedAt, blocks::Column::BlockedId);
        let rows = page(all, order, after, limit).all(&self.db).await?;
        let people = users::Entity::find()
            .filter(users::Column::Id.is_in(rows.iter().map(|row| row.blocked_id)))
            .all(&self.db)
            .await?;
        let found = rows.into_iter().filter_map(|row| {
            let person = people.iter().find(|person| person.id == row.blocked_id)?;
            Some((summary(person), Cursor { at: row.created_at, id: row.blocked_id }))
        });
        Ok(found.collect())
    }
}

impl Write {
    /// Returns every block between two of these people, as this transaction sees it.
    pub async fn blocks_within(&self, these: &[UserId]) -> Stored<Vec<Block>> {
        within(&self.tx, these).await
    }

    pub async fn count_blocks(&self, by: UserId) -> Stored<u64> {
        Ok(blocks::Entity::find().filter(blocks::Column::UserId.eq(by.0)).count(&self.tx).await?)
    }

    /// Adds a block; returns whether it is new.
    pub async fn insert_block(&self, block: Block, now: Timestamp) -> Stored<bool> {
        let row = blocks::ActiveModel {
            user_id: Set(block.by.0),
            blocked_id: Set(block.of.0),
            created_at: Set(now.0),
        };
        let done = blocks::Entity::insert(row)
            .on_conflict_do_nothing_on([blocks::Column::UserId, blocks::Column::BlockedId])
            .exec_without_returning(&self.tx)
            .await?;
        Ok(matches!(done, sea_orm::TryInsertResult::Inserted(count) if count > 0))
    }

    /// Removes a block; returns whether there was one.
    pub async fn delete_block(&self, block: Block) -> Stored<bool> {
        let done = blocks::Entity::delete_by_id((block.by.0, block.of.0)).exec(&self.tx).await?;
        Ok(done.rows_affected > 0)
    }
}

/// The query for two people, as in most conversations: it takes two look-ups in the index.
const BETWEEN: &str = "SELECT user_id, blocked_id, created_at FROM blocks WHERE user_id = $1 AND blocked_id = $2 \
    UNION ALL SELECT user_id, blocked_id, created_at FROM blocks WHERE user_id = $3 AND blocked_id = $4";

async fn within<C: ConnectionTrait>(c: &C, these: &[UserId]) -> Stored<Vec<Block>> {
    if let &[UserId(one), UserId(other)] = these {
        let ids = [one, other, other, one].map(Into::into);
        let ask = Statement::from_sql_and_values(c.get_database_backend(), BETWEEN, ids);
        return Ok(blocks::Model::find_by_statement(ask).all(c).await?.iter().map(block).collect());
    }
    let ids = || these.iter().map(|id| id.0);
    let rows = blocks::Entity::find()
        .filter(blocks::Column::UserId.is_in(ids()))
        .filter(blocks::Column::BlockedId.is_in(ids()))
        .all(c)
        .await?;
    Ok(rows.iter().map(block).collect())
}

fn block(row: &blocks::Model) -> Block {
    Block { by: UserId(row.user_id), of: UserId(row.blocked_id) }
}

async fn blockers<C: ConnectionTrait>(c: &C, these: &[UserId], of: UserId) -> Stored<Vec<UserId>> {
    let rows = blocks::Entity::find()
        .filter(blocks::Column::BlockedId.eq(of.0))
        .filter(blocks::Column::UserId.is_in(these.iter().map(|id| id.0)))
        .all(c)
        .await?;
    Ok(rows.into_iter().map(|row| UserId(row.user_id)).collect())
}

/// Selects the ids of the people whom the person has blocked.
pub(super) fn blocked_by(user: UserId) -> SelectStatement {
    let rows = blocks::Entity::find().select_only().column(blocks::Column::BlockedId);
    rows.filter(blocks::Column::UserId.eq(user.0)).into_query()
}

/// Selects the ids of the people who have blocked the person.
pub(super) fn blockers_of(user: UserId) -> SelectStatement {
    let rows = blocks::Entity::find().select_only().column(blocks::Column::UserId);
    rows.filter(blocks::Column::BlockedId.eq(user.0)).into_query()
}
