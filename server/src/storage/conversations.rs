//! Conversations and their members.

use super::{
    Cursor, Store, StoreError, Stored, Summaries, Write,
    blocks::blocked_by,
    page::page,
    plain,
    rows::word,
    tables::{
        conversation_members as members, conversations, group_invitations as invitations,
        hidden_messages as hidden, messages,
    },
    users::summaries,
};
use parley_protocol::{
    ConversationId, MessageId, Timestamp, UserId,
    people::{ConversationKind, ConversationStatus, MemberRole, Message},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Condition, Expr, ExprTrait, IntoCondition, SelectStatement},
};
use std::collections::HashMap;

/// A conversation with everything that a list of conversations shows, but its live call.
#[derive(Debug, Clone)]
pub struct ConversationRow {
    pub id: ConversationId,
    pub kind: ConversationKind,
    /// The name of a group.
    pub name: Option<String>,
    /// The status for the person who reads it: a group is pending for those who are invited.
    pub status: ConversationStatus,
    pub started_by: UserId,
    pub updated_at: Timestamp,
    /// The members in the order in which they joined.
    pub members: Vec<Member>,
    /// Invitations to a group without an answer yet, in their order.
    pub invited: Vec<Invited>,
    /// The summaries of members and invited people.
    pub people: Summaries,
    pub last_message: Option<Message>,
    /// The people from whom the last message is hidden.
    pub last_hidden_from: Vec<UserId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    pub user: UserId,
    pub role: MemberRole,
    pub unread: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invited {
    pub user: UserId,
    pub by: UserId,
}

impl ConversationRow {
    pub fn has(&self, user: UserId) -> bool {
        self.member(user).is_some()
    }

    pub fn member(&self, user: UserId) -> Option<&Member> {
        self.members.iter().find(|member| member.user == user)
    }

    pub fn invitation(&self, user: UserId) -> Option<&Invited> {
        self.invited.iter().find(|invited| invited.user == user)
    }

    /// Returns the members without invited people, who receive no messages and are not rung.
    pub fn member_ids(&self) -> Vec<UserId> {
        self.members.iter().map(|member| member.user).collect()
    }
}

pub struct NewDirect {
    pub id: ConversationId,
    pub started_by: UserId,
    pub with: UserId,
    pub status: ConversationStatus,
}

impl Store {
    /// Returns the conversation, if the person is in it or invited to it.
    pub async fn conversation(&self, id: ConversationId, of: UserId) -> Stored<Option<ConversationRow>> {
        let Some(mut row) = self.any_conversation(id).await? else { return Ok(None) };
        if row.has(of) {
            return Ok(Some(row));
        }
        let Some(Invited { by, .. }) = row.invitation(of).copied() else { return Ok(None) };
        row.status = ConversationStatus::Pending;
        // An invitation by somebody whom the person has blocked does not exist for them.
        let unheard = !self.blocked_among(&[by], of).await?.is_empty();
        Ok((!unheard).then_some(row))
    }

    /// Returns the conversation without regard to who asks.
    pub async fn any_conversation(&self, id: ConversationId) -> Stored<Option<ConversationRow>> {
        let row = conversations::Entity::find_by_id(id.0).one(&self.db).await?;
        Ok(complete(&self.db, row.into_iter().collect()).await?.pop())
    }

    pub async fn member_ids(&self, id: ConversationId) -> Stored<Vec<UserId>> {
        let its = members::Entity::find().filter(members::Column::ConversationId.eq(id.0));
        Ok(its.all(&self.db).await?.into_iter().map(|row| UserId(row.user_id)).collect())
    }

    pub async fn direct_between(&self, a: UserId, b: UserId) -> Stored<Option<ConversationRow>> {
        let row = conversations::Entity::find()
            .filter(conversations::Column::DirectKey.eq(direct_key(a, b)))
            .one(&self.db)
            .await?;
        Ok(complete(&self.db, row.into_iter().collect()).await?.pop())
    }

    /// Returns the conversations that the person is in or invited to, except those with, or by, somebody whom
    /// they have blocked. Newest first, after the cursor if there is one.
    pub async fn conversations_of(
        &self,
        user: UserId,
        after: Option<Cursor>,
        limit: u64,
    ) -> Stored<Vec<ConversationRow>> {
        let mine = of_member(user);
        let with_blocked = of_members(members::Column::UserId.in_subquery(blocked_by(user)));
        let heard = Condition::any()
            .add(conversations::Column::Kind.ne(ConversationKind::Direct.as_str()))
            .add(conversations::Column::Id.not_in_subquery(with_blocked));
        let member = Condition::all().add(conversations::Column::Id.in_subquery(mine)).add(heard);
        let invited = invitations::Entity::find()
            .select_only()
            .column(invitations::Column::ConversationId)
            .filter(invitations::Column::UserId.eq(user.0))
            .filter(invitations::Column::InvitedBy.not_in_subquery(blocked_by(user)))
            .into_query();
        let some = Condition::any().add(member).add(conversations::Column::Id.in_subquery(invited));
        let order = (conversations::Column::UpdatedAt, conversations::Column::Id);
        let rows = page(conversations::Entity::find().filter(some), order, after, limit);
        let mut found = complete(&self.db, rows.all(&self.db).await?).await?;
        for row in found.iter_mut().filter(|row| !row.has(user)) {
            row.status = ConversationStatus::Pending;
        }
        Ok(found)
    }
}

impl Write {
    pub async fn insert_direct(&self, new: &NewDirect, now: Timestamp) -> Stored<()> {
        let row = conversations::ActiveModel {
            id: Set(new.id.0),
            kind: Set(ConversationKind::Direct.as_str().to_owned()),
            name: Set(None),
            status: Set(new.status.as_str().to_owned()),
            started_by: Set(new.started_by.0),
            direct_key: Set(Some(direct_key(new.started_by, new.with))),
            last_message_id: Set(None),
            created_at: Set(now.0),
            updated_at: Set(now.0),
        };
        conversations::Entity::insert(row).exec_without_returning(&self.tx).await?;
        for (position, user) in [new.started_by, new.with].into_iter().enumerate() {
            let row = members::ActiveModel {
                conversation_id: Set(new.id.0),
                user_id: Set(user.0),
                role: Set(MemberRole::Member.as_str().to_owned()),
                unread: Set(0),
                // A millisecond apart, because members are listed in the order in which they joined.
                joined_at: Set(now.0 + i64::try_from(position).unwrap_or(0)),
            };
            members::Entity::insert(row).exec_without_returning(&self.tx).await?;
        }
        Ok(())
    }

    /// Moves the status from one value to another. Returns false when it has a different one by now.
    pub async fn move_conversation_status(
        &self,
        id: ConversationId,
        [from, to]: [ConversationStatus; 2],
        now: Timestamp,
    ) -> Stored<bool> {
        let row = conversations::ActiveModel {
            status: Set(to.as_str().to_owned()),
            updated_at: Set(now.0),
            ..Default::default()
        };
        let done = conversations::Entity::update_many()
            .set(row)
            .filter(conversations::Column::Id.eq(id.0))
            .filter(conversations::Column::Status.eq(from.as_str()))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected > 0)
    }

    /// Marks the conversation as read; returns whether anything was unread.
    pub async fn mark_read(&self, id: ConversationId, user: UserId) -> Stored<bool> {
        let done = members::Entity::update_many()
            .col_expr(members::Column::Unread, Expr::value(0))
            .filter(members::Column::ConversationId.eq(id.0))
            .filter(members::Column::UserId.eq(user.0))
            .filter(members::Column::Unread.ne(0))
            .exec(&self.tx)
            .await?;
        Ok(done.rows_affected > 0)
    }
}

/// Builds the key that two people have in common, whichever comes first.
fn direct_key(a: UserId, b: UserId) -> String {
    let (first, second) = if a.0 < b.0 { (a, b) } else { (b, a) };
    format!("{first}:{second}")
}

/// Selects the ids of the conversations that the person is in.
pub(super) fn of_member(user: UserId) -> SelectStatement {
    of_members(members::Column::UserId.eq(user.0))
}

/// Selects the ids of the conversations that have such a member.
fn of_members(which: impl IntoCondition) -> SelectStatement {
    let rows = members::Entity::find().select_only().column(members::Column::ConversationId);
    rows.filter(which).into_query()
}

/// Adds members, invitations, people and last messages to conversations, with one query each.
pub(super) async fn complete<C: ConnectionTrait>(
    c: &C,
    rows: Vec<conversations::Model>,
) -> Stored<Vec<ConversationRow>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let seats = members::Entity::find()
        .filter(members::Column::ConversationId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(members::Column::JoinedAt)
        .order_by_asc(members::Column::UserId)
        .all(c)
        .await?;
    let invited = invitations::Entity::find()
        .filter(invitations::Column::ConversationId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(invitations::Column::CreatedAt)
        .order_by_asc(invitations::Column::UserId)
        .all(c)
        .await?;
    let people = seats.iter().map(|seat| seat.user_id).chain(invited.iter().map(|one| one.user_id));
    let known = summaries(c, people.map(UserId)).await?;
    let unseen = hidden::Entity::find()
        .filter(hidden::Column::MessageId.is_in(rows.iter().filter_map(|row| row.last_message_id)))
        .all(c)
        .await?;
    let mut last: HashMap<_, _> = messages::Entity::find()
        .filter(messages::Column::Id.is_in(rows.iter().filter_map(|row| row.last_message_id)))
        .all(c)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    rows.into_iter()
        .map(|row| {
            let mine = seats.iter().filter(|seat| seat.conversation_id == row.id);
            let members = mine.map(member).collect::<Stored<Vec<_>>>()?;
            let its = invited.iter().filter(|one| one.conversation_id == row.id);
            let invited: Vec<_> =
                its.map(|one| Invited { user: UserId(one.user_id), by: UserId(one.invited_by) }).collect();
            let people = members.iter().map(|one| one.user).chain(invited.iter().map(|one| one.user));
            let people = people.filter_map(|id| Some((id, known.get(&id)?.clone()))).collect();
            let message = row.last_message_id.and_then(|id| last.remove(&id));
            let unseen = unseen.iter().filter(|one| Some(one.message_id) == row.last_message_id);
            Ok(ConversationRow {
                id: ConversationId(row.id),
                kind: word(&row.kind)?,
                status: word(&row.status)?,
                started_by: UserId(row.started_by),
                updated_at: Timestamp(row.updated_at),
                name: row.name,
                people,
                members,
                invited,
                last_message: message.as_ref().map(super::messages::message).transpose()?,
                last_hidden_from: unseen.map(|one| UserId(one.user_id)).collect(),
            })
        })
        .collect::<Result<_, StoreError>>()
}

fn member(row: &members::Model) -> Stored<Member> {
    let unread = u32::try_from(row.unread).unwrap_or(0);
    Ok(Member { user: UserId(row.user_id), role: word(&row.role)?, unread })
}

/// Makes a new message the last one of its conversation, and counts it as unread for these members.
pub(super) async fn touch<C: ConnectionTrait>(c: &C, message: &Message, counts_for: &[UserId]) -> Stored<()> {
    let MessageId(id) = message.id;
    let news = vec![
        (conversations::Column::LastMessageId, id.into()),
        (conversations::Column::UpdatedAt, message.created_at.0.into()),
    ];
    let its = vec![(conversations::Column::Id, message.conversation_id.0.into())];
    plain::update::<conversations::Entity>(c, news, its).await?;
    if !counts_for.is_empty() {
        members::Entity::update_many()
            .col_expr(members::Column::Unread, Expr::col(members::Column::Unread).add(1))
            .filter(members::Column::ConversationId.eq(message.conversation_id.0))
            .filter(members::Column::UserId.is_in(counts_for.iter().map(|id| id.0)))
            .exec(c)
            .await?;
    }
    Ok(())
}
