//! Starting a call: who may, who is busy, and what becomes of two who start at once.

use super::{
    commit::{Decided, begin, commit},
    devices,
    elsewhere::is_in,
    may_ring, members,
    service::change,
    terms::{Answered, Terms},
};
use crate::{
    access,
    app::App,
    error::{Answer, ApiError},
    http::idempotency::IdempotencyKey,
    storage::{CachedCall, CallConversation, StoreError},
};
use parley_core::call::{Call, Callee, Reach, Record, Rejected, Start};
use parley_protocol::{
    CallId, ErrorCode, UserId,
    call::CallMode,
    people::{ConversationKind, ConversationStatus},
    rest::StartCall,
};
use std::sync::Arc;
use uuid::Uuid;

/// How often to look again when somebody else started, or ended, a call at the same moment.
const ATTEMPTS: usize = 8;

/// With `once`, the answer is remembered with what the start changes. `may_begin`: why no call of this person may begin;
/// one that is there already can be answered all the same.
pub async fn start(
    app: &App,
    user: UserId,
    wish: &StartCall,
    key: Option<&IdempotencyKey>,
    may_begin: Answer<()>,
) -> Answer<Arc<CachedCall>> {
    may_ring(app)?;
    let Some(conversation) = app.store.call_conversation(wish.conversation_id, user).await? else {
        // To who is invited there is such a conversation, to others there is not.
        access::find_open(app, wish.conversation_id, user).await?;
        return Err(ApiError::not_found());
    };
    if conversation.status != ConversationStatus::Accepted {
        return Err(access::not_accepted());
    }
    for _ in 0..ATTEMPTS {
        if let Some(cached) = attempt(app, user, wish, &conversation, key, &may_begin).await? {
            let cached = members::look_again(app, cached).await?;
            devices::check_socket(app, cached.record.id, user, wish.device_id).await;
            return Ok(cached);
        }
    }
    Err(ApiError::new(ErrorCode::Conflict, "calls come and go too fast here; try again"))
}

/// Nothing when the situation has changed meanwhile.
async fn attempt(
    app: &App,
    user: UserId,
    wish: &StartCall,
    conversation: &CallConversation,
    key: Option<&IdempotencyKey>,
    may_begin: &Answer<()>,
) -> Answer<Option<Arc<CachedCall>>> {
    let members = conversation.ids();
    let callees = whom_to_ring(&members, user, wish.invite.as_deref())?;
    let write = begin(app, key).await?;
    write.lock_users(&members).await?;
    let blocks = write.blocks_within(&members).await?;
    if conversation.kind == ConversationKind::Direct && blocks.iter().any(|block| block.by == user) {
        return Err(access::is_blocked());
    }
    let deaf: Vec<UserId> = blocks.iter().filter(|block| block.of == user).map(|block| block.by).collect();
    let live = write.live_calls_of(&members).await?;
    let here = live.iter().find(|call| call.conversation_id == conversation.id);
    let elsewhere = |call: &&Record| call.conversation_id != conversation.id && is_in(call, user);
    if let Some(other) = live.iter().find(elsewhere) {
        return Err(ApiError::because_of(ErrorCode::AlreadyInCall, "you are in another call", other.id));
    }
    if let Some(here) = here {
        write.abandon().await?;
        return join_started(app, wish, here.id, user, key).await;
    }
    may_begin.clone()?;

    let lets_wait = |user| conversation.settings(user).is_some_and(|member| member.choices.call_waiting);
    let now = app.clock.now();
    let engine = app.media.pick(callees.len() + 1);
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
        callees: callees
            .iter()
            .map(|callee| Callee {
                user: *callee,
                reach: Reach::of(*callee, &live, deaf.contains(callee), lets_wait(*callee)),
            })
            .collect(),
        engine: engine.engine(),
        capacity: engine.capacity(),
        max_duration: conversation
            .settings(user)
            .and_then(|member| app.config.longest_call(member.choices.plan)),
    };
    let (call, events) = Call::start(now, app.config.rules, &start);
    let deadline = call.deadline();
    match write.insert_call(call.record(), deadline, &events).await {
        Err(StoreError::Taken) => return Ok(None),
        inserted => inserted?,
    }
    let after = CachedCall { record: call.record().clone(), profiles: conversation.profiles() };
    let decided = Decided { before: None, after, deadline, events: &events };
    let cached = commit(app, write, decided, terms(key), now).await?;
    Ok(Some(cached))
}

/// The second of two who call each other answers the first.
async fn join_started(
    app: &App,
    wish: &StartCall,
    id: CallId,
    user: UserId,
    key: Option<&IdempotencyKey>,
) -> Answer<Option<Arc<CachedCall>>> {
    let (device, media) = (wish.device_id, wish.media);
    let outcome = change(app, id, terms(key), |call, now| call.start_again(now, user, device, media)).await?;
    match outcome.decided {
        Err(Rejected::Over) => Ok(None),
        // Not in its roster, but in its conversation: it stands in the way all the same.
        Err(Rejected::NotInRoster) => Err(ApiError::rejected(Rejected::InProgress, id)),
        _ => outcome.accepted().map(Some),
    }
}

fn terms(key: Option<&IdempotencyKey>) -> Terms<'_> {
    Terms { key, answer: Answered::Access, not_elsewhere: None }
}

/// Everybody else, or those who were chosen.
fn whom_to_ring(members: &[UserId], user: UserId, chosen: Option<&[UserId]>) -> Answer<Vec<UserId>> {
    if chosen.is_some_and(|chosen| chosen.iter().any(|id| !members.contains(id))) {
        return Err(ApiError::not_found());
    }
    let wanted = |id: &&UserId| **id != user && chosen.is_none_or(|chosen| chosen.contains(id));
    let callees: Vec<UserId> = members.iter().filter(wanted).copied().collect();
    if callees.is_empty() {
        return Err(ApiError::field("invite", "names nobody who could be rung"));
    }
    Ok(callees)
}
