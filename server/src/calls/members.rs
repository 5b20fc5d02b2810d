//! Who may see or enter a call: those who belong to its conversation.

use super::{load, service::handle};
use crate::{
    app::App,
    error::{Answer, ApiError},
    storage::{CachedCall, ConversationRow},
};
use parley_core::call::Input;
use parley_protocol::{
    CallId, UserId,
    call::{CallMode, ParticipantStatus},
};
use std::sync::Arc;

/// The call and its conversation, if the person is in the latter. To anybody else there is no such call.
pub async fn check(app: &App, id: CallId, user: UserId) -> Answer<(Arc<CachedCall>, ConversationRow)> {
    let cached = load(app, id).await?;
    let conversation = app.store.conversation(cached.record.conversation_id, user).await?;
    let member = conversation.filter(|row| row.has(user));
    Ok((cached, member.ok_or_else(ApiError::not_found)?))
}

/// Takes those out of a group's call who were removed from the group after it was looked at and before they got a seat:
/// whoever removed them found none. The call as it is then.
pub async fn look_again(app: &App, cached: Arc<CachedCall>) -> Answer<Arc<CachedCall>> {
    let record = &cached.record;
    if record.mode == CallMode::Direct {
        return Ok(cached);
    }
    let members = app.store.member_ids(record.conversation_id).await?;
    let is_out = |user: &UserId| !members.contains(user);
    let seats = record.participants.iter().filter(|seat| seat.status != ParticipantStatus::Kicked);
    let mut after = cached.clone();
    for user in seats.map(|seat| seat.user_id).filter(is_out) {
        after = handle(app, record.id, Input::Remove { user }).await?.cached;
    }
    Ok(after)
}
