//! Starting a call: who may, who is busy, and what becomes of two who start at once.

use super::{
    Roster, devices,
    service::{change, closing_line, done, remember},
};
use crate::{
    app::App,
    error::{Answer, ApiError},
    once::Once,
    storage::{ConversationRow, StoreError},
};
use parley_core::call::{Call, Callee, Record, Rejected, Start};
use parley_protocol::{
    CallId, ErrorCode, UserId,
    call::{CallMode, ParticipantStatus},
    people::{ConversationKind, ConversationStatus},
    rest::StartCall,
};
use std::sync::Arc;
use uuid::Uuid;

/// How often to look again when somebody else started, or ended, a call at the same moment.
const ATTEMPTS: usize = 8;

/// With `once`, the answer is remembered with what the start changes.
pub async fn start(app: &App, user: UserId, wish: &StartCall, once: Option<&Once>) -> Answer<Arc<Roster>> {
    if app.is_draining() {
        return Err(ApiError::new(ErrorCode::Unavailable, "the server is stopping; try again shortly"));
    }
    if !app.config.calls_enabled {
        return Err(ApiError::new(ErrorCode::CallsDisabled, "calls are switched off on this server"));
    }
    let conversation = app.store.conversation(wish.conversation_id, user).await?;
    let conversation = conversation.ok_or_else(ApiError::not_found)?;
    if conversation.status != ConversationStatus::Accepted {
        return Err(ApiError::new(ErrorCode::NotAccepted, "the invitation has not been accepted"));
    }
    for _ in 0..ATTEMPTS {
        if let Some(roster) = attempt(app, user, wish, &conversation, once).await? {
            devices::check_socket(app, roster.record.id, user, wish.device_id).await;
            return Ok(roster);
        }
    }
    Err(ApiError::new(ErrorCode::Conflict, "calls come and go too fast here; try again"))
}

/// Nothing when the situation has changed meanwhile.
async fn attempt(
    app: &App,
    user: UserId,
    wish: &StartCall,
    conversation: &ConversationRow,
    once: Option<&Once>,
) -> Answer<Option<Arc<Roster>>> {
    let members = conversation.member_ids();
    let write = app.store.write().await?;
    write.lock_users(&members).await?;
    let live = write.live_calls_of(&members).await?;
    let here = live.iter().find(|call| call.conversation_id == conversation.id);
    let elsewhere = |call: &&Record| call.conversation_id != conversation.id && is_in(call, user);
    if let Some(other) = live.iter().find(elsewhere) {
        return Err(ApiError::because_of(ErrorCode::AlreadyInCall, "you are in another call", other.id));
    }
    if let Some(here) = here {
        write.abandon().await?;
        return join_started(app, wish, here.id, user, once).await;
    }

    let now = app.clock.now();
    let start = Start {
        id: CallId(Uuid::now_v7()),
        conversation_id: conversation.id,
        call_type: wish.call_type,
        mode: match conversation.kind {
            ConversationKind::Direct => CallMode::Direct,
            ConversationKind::Group => CallMode::Group,
        },
        user,
        device: wish.device_id,
        media: wish.media,
        callees: members
            .iter()
            .filter(|member| **member != user)
            .map(|member| Callee { user: *member, busy: live.iter().any(|call| is_taken(call, *member)) })
            .collect(),
    };
    let (call, events) = Call::start(now, app.config.rules, &start);
    let deadline = call.deadline();
    match write.insert_call(call.record(), deadline, &events).await {
        Err(StoreError::Taken) => return Ok(None),
        inserted => inserted?,
    }
    let told = closing_line(&write, call.record(), now).await?;
    let roster = Arc::new(Roster { record: call.record().clone(), names: conversation.names.clone() });
    remember(app, &write, &roster, once, now).await?;
    write.commit().await?;
    done(app, &roster, deadline, &events, told);
    Ok(Some(roster))
}

/// The second of two who call each other answers the first.
async fn join_started(
    app: &App,
    wish: &StartCall,
    id: CallId,
    user: UserId,
    once: Option<&Once>,
) -> Answer<Option<Arc<Roster>>> {
    let (device, media) = (wish.device_id, wish.media);
    let outcome = change(app, id, once, |call, now| call.start_again(now, user, device, media)).await?;
    match outcome.decided {
        Err(Rejected::Over) => Ok(None),
        // Not in its roster, but in its conversation: it stands in the way all the same.
        Err(Rejected::NotInRoster) => Err(ApiError::rejected(Rejected::InProgress, id)),
        _ => outcome.accepted().map(Some),
    }
}

/// An answer is refused to somebody who talks elsewhere.
pub async fn refuse_if_in_another(app: &App, user: UserId, but: CallId) -> Answer<()> {
    let live = app.store.live_calls_of(user).await?;
    match live.iter().find(|call| call.id != but && is_in(call, user)) {
        Some(other) => {
            Err(ApiError::because_of(ErrorCode::AlreadyInCall, "you are in another call", other.id))
        }
        None => Ok(()),
    }
}

fn is_in(call: &Record, user: UserId) -> bool {
    call.seat(user).is_some_and(|seat| seat.status.is_in())
}

/// In the call, or rung by it.
fn is_taken(call: &Record, user: UserId) -> bool {
    let taken = |status: ParticipantStatus| {
        status.is_in() || matches!(status, ParticipantStatus::Invited | ParticipantStatus::Ringing)
    };
    call.seat(user).is_some_and(|seat| taken(seat.status))
}
