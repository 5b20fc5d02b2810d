//! Messages in conversations.

use super::{
    Cursor, Store, StoreError, Stored, Write,
    conversations::touch,
    page::page,
    plain,
    tables::{hidden_messages as hidden, messages},
};
use parley_protocol::{ConversationId, MessageId, Timestamp, UserId, people::Message};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    QueryTrait, Statement,
};
use uuid::Uuid;

/// The query for members and their blocks of the sender. `$1` has to come first in the text: to SQLite it is
/// a name, and values are bound in the order in which names first occur.
const READERS: &str = "SELECT m.user_id, b.blocked_id FROM conversation_members m \
    LEFT JOIN blocks b ON b.user_id = m.user_id AND b.blocked_id = $1 WHERE m.conversation_id = $2";

impl Store {
    /// Returns the messages that are not hidden from the person, newest first, after the cursor if there is
    /// one.
    pub async fn messages(
        &self,
        of: ConversationId,
        to: UserId,
        after: Option<Cursor>,
        limit: u64,
    ) -> Stored<Vec<Message>> {
        let unseen = hidden::Entity::find()
            .select_only()
            .column(hidden::Column::MessageId)
            .filter(hidden::Column::UserId.eq(to.0))
            .into_query();
        let all = messages::Entity::find()
            .filter(messages::Column::ConversationId.eq(of.0))
            .filter(messages::Column::Id.not_in_subquery(unseen));
        let order = (messages::Column::CreatedAt, messages::Column::Id);
        page(all, order, after, limit).all(&self.db).await?.iter().map(message).collect()
    }
}

impl Write {
    /// Stores a message, hidden from members who have blocked its sender, and returns the other members. With
    /// `counts` it is unread for them.
    pub async fn insert_message(&self, new: &Message, counts: bool) -> Stored<Vec<UserId>> {
        let content =
            serde_json::to_string(&new.content).map_err(|error| StoreError::Broken(error.to_string()))?;
        let row = vec![
            (messages::Column::Id, new.id.0.into()),
            (messages::Column::ConversationId, new.conversation_id.0.into()),
            (messages::Column::SenderId, new.sender_id.0.into()),
            (messages::Column::Content, content.into()),
            (messages::Column::CreatedAt, new.created_at.0.into()),
        ];
        plain::insert::<messages::Entity>(&self.tx, vec![row]).await?;
        let (mut readers, deaf) = self.readers(new.conversation_id, new.sender_id).await?;
        if !deaf.is_empty() {
            let rows = deaf
                .iter()
                .map(|user| hidden::ActiveModel { message_id: Set(new.id.0), user_id: Set(user.0) });
            hidden::Entity::insert_many(rows).exec_without_returning(&self.tx).await?;
            readers.retain(|user| !deaf.contains(user));
        }
        let others = readers.iter().copied().filter(|user| counts && *user != new.sender_id);
        touch(&self.tx, new, &others.collect::<Vec<_>>()).await?;
        Ok(readers)
    }

    /// Returns the members of a conversation, and those of them who have blocked the sender.
    async fn readers(&self, of: ConversationId, sender: UserId) -> Stored<(Vec<UserId>, Vec<UserId>)> {
        let backend = self.tx.get_database_backend();
        let ask = Statement::from_sql_and_values(backend, READERS, [sender.0.into(), of.0.into()]);
        let rows = Reader::find_by_statement(ask).all(&self.tx).await?;
        let deaf =
            rows.iter().filter(|row| row.blocked_id.is_some()).map(|row| UserId(row.user_id)).collect();
        Ok((rows.iter().map(|row| UserId(row.user_id)).collect(), deaf))
    }
}

#[derive(FromQueryResult)]
struct Reader {
    user_id: Uuid,
    blocked_id: Option<Uuid>,
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
