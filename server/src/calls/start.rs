//! Starting a call.
//!
//! A conversation has at most one live call; a unique index on the database sees to that. So there are three
//! cases. No call lives here: a new one is inserted. A call lives here and rings the person: starting is
//! taken as the answer, since two people who call each other both want to talk. A call begins or ends at the
//! same moment: the insert fails, or the answer finds the call over, and everything is looked at again.

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
    people::{ConversationKind, ConversationStatus, Plan},
    rest::StartCall,
};
use std::sync::Arc;
use uuid::Uuid;

/// The number of attempts when calls begin or end in the conversation at the same moment.
const ATTEMPTS: usize = 8;

/// Starts a call, or answers the one that already rings in the conversation.
///
/// With `key`, the answer is stored in the transaction of the start. An error in `may_begin` refuses a new
/// call only; a call that is there already can be answered all the same.
pub async fn start(
    app: &App,
    user: UserId,
    wish: &StartCall,
    key: Option<&IdempotencyKey>,
    may_begin: Answer<()>,
) -> Answer<Arc<CachedCall>> {
    may_ring(app)?;
    let Some(conversation) = app.store.call_conversation(wish.conversation_id, user).await? else {
        // A person who is only invited gets `not_accepted` here, anybody else 404.
        access::find_open(app, wish.conversation_id, user).await?;
        return Err(ApiError::not_found());
    };
    if conversation.status != ConversationStatus::Accepted {
        return Err(access::not_accepted());
    }
    for _ in 0..ATTEMPTS {
        if let Some(cached) = attempt(app, user, wish, &conversation, key, &may_begin).await? {
            let cached = members::drop_former_members(app, cached).await?;
            // The caller's socket may have closed before the call existed, and then no call was told.
            devices::check_socket(app, cached.record.id, user, wish.device_id).await;
            return Ok(cached);
        }
    }
    Err(ApiError::new(ErrorCode::Conflict, "calls in this conversation change too fast; try again"))
}

/// Tries once. Returns none when a call began or ended in the meantime.
async fn attempt(
    app: &App,
    user: UserId,
    wish: &StartCall,
    conversation: &CallConversation,
    key: Option<&IdempotencyKey>,
    may_begin: &Answer<()>,
) -> Answer<Option<Arc<CachedCall>>> {
    let members = conversation.ids();
    let callees = choose_callees(&members, user, wish.invite.as_deref())?;
    let write = begin(app, key).await?;
    // From here to the commit no other decision changes whether these people are busy. The locks are taken in
    // the order of ids, so two starts cannot wait for each other.
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
        // Joining is a change of its own with its own transaction, and SQLite has one writer.
        write.abandon().await?;
        return join_started(app, wish, here.id, user, key).await;
    }
    may_begin.clone()?;

    let lets_wait = |user| conversation.settings(user).is_some_and(|member| member.choices.call_waiting);
    let now = app.clock.now();
    let engine = app.media.pick(callees.len() + 1);
    let plan = conversation.settings(user).map_or(Plan::Free, |member| member.choices.plan);
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
        plan,
        max_duration: app.config.longest_call(plan),
    };
    let (call, events) = Call::start(now, app.config.rules, &start);
    let deadline = call.deadline();
    match write.insert_call(call.record(), deadline, &events).await {
        // The index on live calls: another start in this conversation was faster.
        Err(StoreError::Taken) => return Ok(None),
        inserted => inserted?,
    }
    let after = CachedCall { record: call.record().clone(), profiles: conversation.profiles() };
    let decided = Decided { before: None, after, deadline, events: &events };
    let cached = commit(app, write, decided, terms(key), now).await?;
    Ok(Some(cached))
}

/// Answers the live call for a person who meant to start one. Returns none when that call is over in the
/// meantime.
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
        // A member of the conversation whom the call does not ring. The call still keeps another one from
        // beginning.
        Err(Rejected::NotInRoster) => Err(ApiError::rejected(Rejected::InProgress, id)),
        _ => outcome.accepted().map(Some),
    }
}

/// Returns the terms of a start: answered with access, and no check for other calls, which `attempt` makes.
fn terms(key: Option<&IdempotencyKey>) -> Terms<'_> {
    Terms { key, answer: Answered::Access, not_elsewhere: None }
}

/// Returns the members to ring: everyone else, or those of them who were chosen.
fn choose_callees(members: &[UserId], user: UserId, chosen: Option<&[UserId]>) -> Answer<Vec<UserId>> {
    if chosen.is_some_and(|chosen| chosen.iter().any(|id| !members.contains(id))) {
        return Err(ApiError::not_found());
    }
    let wanted = |id: &&UserId| **id != user && chosen.is_none_or(|chosen| chosen.contains(id));
    let callees: Vec<UserId> = members.iter().filter(wanted).copied().collect();
    if callees.is_empty() {
        return Err(ApiError::field("invite", "must name somebody who can be rung"));
    }
    Ok(callees)
}
