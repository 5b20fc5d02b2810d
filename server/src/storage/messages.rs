//! Lines in conversations.

use super::{Store, StoreError, Stored, Write, conversations::touch, tables::messages};
use parley_protocol::{ConversationId, MessageId, Timestamp, UserId, people::Message};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The last row of a page, in a list that is ordered by time and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub at: i64,
    pub id: Uuid,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, id) = text.split_once('.').ok_or(())?;
        Ok(Self { at: at.parse().map_err(|_| ())?, id: id.parse().map_err(|_| ())? })
    }
}

impl Store {
    /// The newest first; those after the cursor, if there is one.
    pub async fn messages(
        &self,
        of: ConversationId,
        after: Option<Cursor>,
        limit: u64,
    ) -> Stored<Vec<Message>> {
        let mut query = messages::Entity::find()
            .filter(messages::Column::ConversationId.eq(of.0))
            .order_by_desc(messages::Column::CreatedAt)
            .order_by_desc(messages::Column::Id)
            .limit(limit);
        if let Some(Cursor { at, id }) = after {
            let older = Condition::any().add(messages::Column::CreatedAt.lt(at)).add(
                Condition::all().add(messages::Column::CreatedAt.eq(at)).add(messages::Column::Id.lt(id)),
            );
            query = query.filter(older);
        }
        query.all(&self.db).await?.iter().map(message).collect()
    }
}

impl Write<'_> {
    /// `counts`: whether the others have something to read.
    pub async fn insert_message(&self, new: &Message, counts: bool) -> Stored<()> {
        let content =
            serde_json::to_string(&new.content).map_err(|error| StoreError::Broken(error.to_string()))?;
        let row = messages::ActiveModel {
            id: Set(new.id.0),
            conversation_id: Set(new.conversation_id.0),
            sender_id: Set(new.sender_id.0),
            content: Set(content),
            created_at: Set(new.created_at.0),
        };
        messages::Entity::insert(row).exec_without_returning(&self.tx).await?;
        touch(&self.tx, new, counts).await
    }
}

pub(super) fn message(row: &messages::Model) -> Stored<Message> {
    Ok(Message {
        id: MessageId(row.id),
        conversation_id: ConversationId(row.conversation_id),
        sender_id: UserId(row.sender_id),
        content: serde_json::from_str(&row.content).map_err(|_| StoreError::bad_row("message"))?,
        created_at: Timestamp(row.created_at),
    })
}
