//! Membership checks: only members of its conversation may see or enter a call.

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

/// Returns the call and its conversation if the person is a member. To anybody else the call does not exist.
pub async fn check(app: &App, id: CallId, user: UserId) -> Answer<(Arc<CachedCall>, ConversationRow)> {
    let cached = load(app, id).await?;
    let conversation = app.store.conversation(cached.record.conversation_id, user).await?;
    let member = conversation.filter(|row| row.has(user));
    Ok((cached, member.ok_or_else(ApiError::not_found)?))
}

/// Removes people from a group call who are no longer members of the group, and returns the call after that.
///
/// A removal from the group also removes the person's seat in its call. But membership is read before a seat
/// is written, and a removal between the two finds no seat. So every change that adds seats checks the
/// members again afterwards.
pub async fn drop_former_members(app: &App, cached: Arc<CachedCall>) -> Answer<Arc<CachedCall>> {
    let record = &cached.record;
    if record.mode == CallMode::Direct {
        // Nobody can be removed from a conversation of two.
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
