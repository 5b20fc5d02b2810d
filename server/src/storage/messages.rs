//! Lines in conversations.

use super::{Cursor, Store, StoreError, Stored, Write, conversations::touch, page::page, tables::messages};
use parley_protocol::{ConversationId, MessageId, Timestamp, UserId, people::Message};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

impl Store {
    /// The newest first; those after the cursor, if there is one.
    pub async fn messages(
        &self,
        of: ConversationId,
        after: Option<Cursor>,
        limit: u64,
    ) -> Stored<Vec<Message>> {
        let all = messages::Entity::find().filter(messages::Column::ConversationId.eq(of.0));
        let order = (messages::Column::CreatedAt, messages::Column::Id);
        page(all, order, after, limit).all(&self.db).await?.iter().map(message).collect()
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
