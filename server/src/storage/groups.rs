//! Changes of groups: their members, roles and invitations.

use super::{
    ConversationRow, Stored, Write,
    conversations::complete,
    tables::{conversation_members as members, conversations, group_invitations as invitations},
};
use parley_protocol::{
    ConversationId, Timestamp, UserId,
    people::{ConversationKind, ConversationStatus, MemberRole},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType},
};

pub struct NewGroup {
    pub id: ConversationId,
    pub name: String,
    pub owner: UserId,
}

impl Write {
    pub async fn insert_group(&self, new: &NewGroup, now: Timestamp) -> Stored<()> {
        let row = conversations::ActiveModel {
            id: Set(new.id.0),
            kind: Set(ConversationKind::Group.as_str().to_owned()),
            name: Set(Some(new.name.clone())),
            status: Set(ConversationStatus::Accepted.as_str().to_owned()),
            started_by: Set(new.owner.0),
            direct_key: Set(None),
            last_message_id: Set(None),
            created_at: Set(now.0),
            updated_at: Set(now.0),
        };
        conversations::Entity::insert(row).exec_without_returning(&self.tx).await?;
        self.insert_member(new.id, new.owner, MemberRole::Owner, now).await
    }

    /// Returns the conversation, and keeps other transactions from changing it until this one ends.
    pub async fn locked_conversation(&self, id: ConversationId) -> Stored<Option<ConversationRow>> {
        let mut one = conversations::Entity::find_by_id(id.0);
        if !self.is_alone() {
            one = one.lock(LockType::NoKeyUpdate);
        }
        let row = one.one(&self.tx).await?;
        Ok(complete(&self.tx, row.into_iter().collect()).await?.pop())
    }

    /// Marks the conversation as changed.
    pub async fn touch_conversation(&self, id: ConversationId, now: Timestamp) -> Stored<()> {
        conversations::Entity::update_many()
            .col_expr(conversations::Column::UpdatedAt, Expr::value(now.0))
            .filter(conversations::Column::Id.eq(id.0))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    pub async fn rename_group(&self, id: ConversationId, name: &str) -> Stored<()> {
        conversations::Entity::update_many()
            .col_expr(conversations::Column::Name, Expr::value(name))
            .filter(conversations::Column::Id.eq(id.0))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    pub async fn insert_member(
        &self,
        id: ConversationId,
        user: UserId,
        role: MemberRole,
        now: Timestamp,
    ) -> Stored<()> {
        let row = members::ActiveModel {
            conversation_id: Set(id.0),
            user_id: Set(user.0),
            role: Set(role.as_str().to_owned()),
            unread: Set(0),
            joined_at: Set(now.0),
        };
        members::Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    pub async fn set_member_role(&self, id: ConversationId, user: UserId, role: MemberRole) -> Stored<()> {
        members::Entity::update_many()
            .col_expr(members::Column::Role, Expr::value(role.as_str()))
            .filter(members::Column::ConversationId.eq(id.0))
            .filter(members::Column::UserId.eq(user.0))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    pub async fn delete_member(&self, id: ConversationId, user: UserId) -> Stored<()> {
        members::Entity::delete_by_id((id.0, user.0)).exec(&self.tx).await?;
        Ok(())
    }

    pub async fn insert_invitation(
        &self,
        id: ConversationId,
        user: UserId,
        by: UserId,
        now: Timestamp,
    ) -> Stored<()> {
        let row = invitations::ActiveModel {
            conversation_id: Set(id.0),
            user_id: Set(user.0),
            invited_by: Set(by.0),
            created_at: Set(now.0),
        };
        invitations::Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    pub async fn delete_invitation(&self, id: ConversationId, user: UserId) -> Stored<()> {
        invitations::Entity::delete_by_id((id.0, user.0)).exec(&self.tx).await?;
        Ok(())
    }
}
