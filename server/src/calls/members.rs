//! Who may see or enter a call: those who belong to its conversation.

use super::{Roster, service};
use crate::{
    app::App,
    error::{Answer, ApiError},
    storage::ConversationRow,
};
use parley_protocol::{CallId, UserId};
use std::sync::Arc;

/// The call and its conversation, if the person is in the latter. To anybody else there is no such call.
pub async fn check(app: &App, id: CallId, user: UserId) -> Answer<(Arc<Roster>, ConversationRow)> {
    let roster = service::load(app, id).await?;
    let conversation = app.store.conversation(roster.record.conversation_id, user).await?;
    let member = conversation.filter(|row| row.has(user));
    Ok((roster, member.ok_or_else(ApiError::not_found)?))
}
