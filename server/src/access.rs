//! Access checks for conversations: who may see one, read it and write in it.

use crate::{
    app::App,
    error::{Answer, ApiError},
    storage::ConversationRow,
};
use parley_protocol::{
    ConversationId, ErrorCode, UserId,
    people::{ConversationKind, ConversationStatus},
};

/// Returns the conversation if the person is in it or invited to it.
pub async fn find(app: &App, id: ConversationId, of: UserId) -> Answer<ConversationRow> {
    app.store.conversation(id, of).await?.ok_or_else(ApiError::not_found)
}

/// Returns the conversation if it is accepted, so that the person may read and write in it.
pub async fn find_open(app: &App, id: ConversationId, of: UserId) -> Answer<ConversationRow> {
    let row = find(app, id, of).await?;
    if row.status == ConversationStatus::Accepted {
        return Ok(row);
    }
    Err(not_accepted())
}

pub fn not_accepted() -> ApiError {
    ApiError::new(ErrorCode::NotAccepted, "the invitation has not been accepted")
}

/// Refuses to write in a conversation of two whose other person the user has blocked.
pub async fn refuse_to_blocked(app: &App, row: &ConversationRow, user: UserId) -> Answer<()> {
    if row.kind == ConversationKind::Group {
        return Ok(());
    }
    let blocked = app.store.blocked_among(&row.member_ids(), user).await?;
    if blocked.is_empty() { Ok(()) } else { Err(is_blocked()) }
}

pub fn is_blocked() -> ApiError {
    ApiError::new(ErrorCode::Conflict, "you have blocked this person")
}
