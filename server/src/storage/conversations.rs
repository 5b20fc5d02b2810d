//! Conversations and who is in them.

use super::{
    Cursor, Names, Store, StoreError, Stored, Write,
    page::page,
    rows::word,
    tables::{conversation_members as members, conversations, messages},
    users::names,
};
use parley_protocol::{
    ConversationId, MessageId, Timestamp, UserId,
    people::{ConversationKind, ConversationStatus, Message},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashMap;

/// A conversation with everything that a list of conversations shows, but its live call.
#[derive(Debug, Clone)]
pub struct ConversationRow {
    pub id: ConversationId,
    pub kind: ConversationKind,
    pub status: ConversationStatus,
    pub started_by: UserId,
    pub updated_at: Timestamp,
    /// Members in the order in which they came, with their unread counts.
    pub members: Vec<(UserId, u32)>,
    pub names: Names,
    pub last_message: Option<Message>,
}

impl ConversationRow {
    pub fn has(&self, user: UserId) -> bool {
        self.members.iter().any(|(id, _)| *id == user)
    }

    pub fn member_ids(&self) -> Vec<UserId> {
        self.members.iter().map(|(id, _)| *id).collect()
    }
}

pub struct NewDirect {
    pub id: ConversationId,
    pub started_by: UserId,
    pub with: UserId,
    pub status: ConversationStatus,
}

impl Store {
    /// The conversation, if the person is in it.
    pub async fn conversation(&self, id: ConversationId, of: UserId) -> Stored<Option<ConversationRow>> {
        let row = conversations::Entity::find_by_id(id.0).one(&self.db).await?;
        let found = complete(&self.db, row.into_iter().collect()).await?;
        Ok(found.into_iter().find(|row| row.has(of)))
    }

    pub async fn direct_between(&self, a: UserId, b: UserId) -> Stored<Option<ConversationRow>> {
        let row = conversations::Entity::find()
            .filter(conversations::Column::DirectKey.eq(direct_key(a, b)))
            .one(&self.db)
            .await?;
        Ok(complete(&self.db, row.into_iter().collect()).await?.pop())
    }

    /// The newest first; those after the cursor, if there is one.
    pub async fn conversations_of(
        &self,
        user: UserId,
        after: Option<Cursor>,
        limit: u64,
    ) -> Stored<Vec<ConversationRow>> {
        let mine = members::Entity::find()
            .select_only()
            .column(members::Column::ConversationId)
            .filter(members::Column::UserId.eq(user.0))
            .into_query();
        let all = conversations::Entity::find().filter(conversations::Column::Id.in_subquery(mine));
        let order = (conversations::Column::UpdatedAt, conversations::Column::Id);
        complete(&self.db, page(all, order, after, limit).all(&self.db).await?).await
    }
}

impl Write<'_> {
    pub async fn insert_direct(&self, new: &NewDirect, now: Timestamp) -> Stored<()> {
        let row = conversations::ActiveModel {
            id: Set(new.id.0),
            kind: Set(ConversationKind::Direct.as_str().to_owned()),
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
                role: Set("member".to_owned()),
                unread: Set(0),
                joined_at: Set(now.0 + i64::try_from(position).unwrap_or(0)),
            };
            members::Entity::insert(row).exec_without_returning(&self.tx).await?;
        }
        Ok(())
    }

    pub async fn set_conversation_status(
        &self,
        id: ConversationId,
        status: ConversationStatus,
        now: Timestamp,
    ) -> Stored<()> {
        let row = conversations::ActiveModel {
            status: Set(status.as_str().to_owned()),
            updated_at: Set(now.0),
            ..Default::default()
        };
        conversations::Entity::update_many()
            .set(row)
            .filter(conversations::Column::Id.eq(id.0))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Whether anything was unread.
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

    pub async fn member_ids(&self, id: ConversationId) -> Stored<Vec<UserId>> {
        let rows =
            members::Entity::find().filter(members::Column::ConversationId.eq(id.0)).all(&self.tx).await?;
        Ok(rows.into_iter().map(|row| UserId(row.user_id)).collect())
    }
}

fn direct_key(a: UserId, b: UserId) -> String {
    let (first, second) = if a.0 < b.0 { (a, b) } else { (b, a) };
    format!("{first}:{second}")
}

async fn complete<C: ConnectionTrait>(
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
    let known = names(c, seats.iter().map(|seat| UserId(seat.user_id))).await?;
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
            let members: Vec<(UserId, u32)> =
                mine.map(|s| (UserId(s.user_id), u32::try_from(s.unread).unwrap_or(0))).collect();
            let message = row.last_message_id.and_then(|id| last.remove(&id));
            Ok(ConversationRow {
                id: ConversationId(row.id),
                kind: word(&row.kind)?,
                status: word(&row.status)?,
                started_by: UserId(row.started_by),
                updated_at: Timestamp(row.updated_at),
                names: members.iter().filter_map(|(id, _)| Some((*id, known.get(id)?.clone()))).collect(),
                members,
                last_message: message.as_ref().map(super::messages::message).transpose()?,
            })
        })
        .collect::<Result<_, StoreError>>()
}

/// Keeps the list's order and its last line with a new message, and counts it for everyone else.
pub(super) async fn touch<C: ConnectionTrait>(c: &C, message: &Message, counts: bool) -> Stored<()> {
    let MessageId(id) = message.id;
    let row = conversations::ActiveModel {
        last_message_id: Set(Some(id)),
        updated_at: Set(message.created_at.0),
        ..Default::default()
    };
    conversations::Entity::update_many()
        .set(row)
        .filter(conversations::Column::Id.eq(message.conversation_id.0))
        .exec(c)
        .await?;
    if counts {
        members::Entity::update_many()
            .col_expr(members::Column::Unread, Expr::col(members::Column::Unread).add(1))
            .filter(members::Column::ConversationId.eq(message.conversation_id.0))
            .filter(members::Column::UserId.ne(message.sender_id.0))
            .exec(c)
            .await?;
    }
    Ok(())
}
