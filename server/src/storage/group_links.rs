//! Invite links of groups. Only a digest of the token is kept.

use super::{Store, Stored, Write, tables::group_links};
use parley_protocol::{ConversationId, LinkId, Timestamp, UserId};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLinkRow {
    pub id: LinkId,
    pub conversation_id: ConversationId,
    pub made_by: UserId,
    pub max_uses: Option<u32>,
    pub uses: u32,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Store {
    /// Returns the link, if it is still good.
    pub async fn group_link(&self, token_hash: &str, now: Timestamp) -> Stored<Option<GroupLinkRow>> {
        let one = group_links::Entity::find().filter(group_links::Column::TokenHash.eq(token_hash));
        Ok(one.filter(good(now)).one(&self.db).await?.map(|row| link(&row)))
    }

    /// Returns the links that are still good, newest first.
    pub async fn group_links(&self, of: ConversationId, now: Timestamp) -> Stored<Vec<GroupLinkRow>> {
        let rows = group_links::Entity::find()
            .filter(into(of, now))
            .order_by_desc(group_links::Column::CreatedAt)
            .order_by_desc(group_links::Column::Id)
            .all(&self.db)
            .await?;
        Ok(rows.iter().map(link).collect())
    }
}

impl Write {
    /// Counts the links of [`Store::group_links`] as this transaction sees them.
    pub async fn count_group_links(&self, of: ConversationId, now: Timestamp) -> Stored<u64> {
        Ok(group_links::Entity::find().filter(into(of, now)).count(&self.tx).await?)
    }

    pub async fn insert_group_link(&self, new: &GroupLinkRow, token_hash: &str) -> Stored<()> {
        let row = group_links::ActiveModel {
            id: Set(new.id.0),
            conversation_id: Set(new.conversation_id.0),
            made_by: Set(new.made_by.0),
            token_hash: Set(token_hash.to_owned()),
            max_uses: Set(new.max_uses.map(|uses| i32::try_from(uses).unwrap_or(i32::MAX))),
            uses: Set(0),
            created_at: Set(new.created_at.0),
            expires_at: Set(new.expires_at.0),
        };
        group_links::Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    /// Counts one use of the link; returns false when it is not good any longer.
    pub async fn use_group_link(&self, id: LinkId, now: Timestamp) -> Stored<bool> {
        let done = group_links::Entity::update_many()
            .col_expr(group_links::Column::Uses, Expr::col(group_links::Column::Uses).add(1))
            .filter(group_links::Column::Id.eq(id.0))
            .filter(good(now))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected > 0)
    }

    /// Deletes a link of the group; returns whether there was one.
    pub async fn delete_group_link(&self, of: ConversationId, id: LinkId) -> Stored<bool> {
        let done = group_links::Entity::delete_by_id(id.0)
            .filter(group_links::Column::ConversationId.eq(of.0))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected > 0)
    }

    pub async fn delete_group_links(&self, of: ConversationId) -> Stored<()> {
        let its = group_links::Entity::delete_many().filter(group_links::Column::ConversationId.eq(of.0));
        its.exec(&self.tx).await?;
        Ok(())
    }

    pub async fn delete_expired_group_links(&self, now: Timestamp) -> Stored<u64> {
        let old = group_links::Entity::delete_many().filter(group_links::Column::ExpiresAt.lte(now.0));
        Ok(old.exec(&self.tx).await?.rows_affected)
    }
}

/// Selects the links of a group that are still good.
fn into(of: ConversationId, now: Timestamp) -> Condition {
    good(now).add(group_links::Column::ConversationId.eq(of.0))
}

/// Selects the links that have neither expired nor been used up.
fn good(now: Timestamp) -> Condition {
    let left = Expr::col(group_links::Column::Uses).lt(Expr::col(group_links::Column::MaxUses));
    let some_left = Condition::any().add(group_links::Column::MaxUses.is_null()).add(left);
    Condition::all().add(group_links::Column::ExpiresAt.gt(now.0)).add(some_left)
}

fn link(row: &group_links::Model) -> GroupLinkRow {
    GroupLinkRow {
        id: LinkId(row.id),
        conversation_id: ConversationId(row.conversation_id),
        made_by: UserId(row.made_by),
        max_uses: row.max_uses.and_then(|uses| u32::try_from(uses).ok()),
        uses: u32::try_from(row.uses).unwrap_or(0),
        created_at: Timestamp(row.created_at),
        expires_at: Timestamp(row.expires_at),
    }
}
