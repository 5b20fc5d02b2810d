//! Conversations of two: who starts one with whom.
//!
//! Two people have one direct conversation. Starting it is an invitation; the other one accepts or
//! declines. Whoever is invited and starts it as well accepts it. Whoever declined can still start it
//! later, and it is accepted then; whoever was declined cannot ask again.

use super::announce;
use crate::{
    access,
    app::App,
    error::{Answer, ApiError},
    storage::{ConversationRow, NewDirect, StoreError},
    wire,
};
use parley_protocol::{
    ConversationId, ErrorCode, UserId,
    people::{Conversation, ConversationStatus},
};
use uuid::Uuid;

/// How often to look again when both start at once.
const ATTEMPTS: usize = 4;

/// `user` wants to talk to `other`.
pub async fn start(app: &App, user: UserId, other: UserId) -> Answer<Conversation> {
    if user == other {
        return Err(ApiError::field("user_id", "is yourself"));
    }
    app.store.user(other).await?.ok_or_else(ApiError::not_found)?;
    refuse_blocked(app, user, other).await?;
    ensure_with(app, user, other, user, ConversationStatus::Pending, |row| {
        let both_want = row.started_by != user;
        if both_want { ConversationStatus::Accepted } else { row.status }
    })
    .await
}

/// `guest` follows a link of `maker`: both want to talk.
pub async fn befriend(app: &App, maker: UserId, guest: UserId) -> Answer<Conversation> {
    refuse_blocked(app, guest, maker).await?;
    ensure_with(app, maker, guest, guest, ConversationStatus::Accepted, |_| ConversationStatus::Accepted)
        .await
}

async fn refuse_blocked(app: &App, user: UserId, other: UserId) -> Answer<()> {
    let blocked = app.store.blocked_among(&[other], user).await?;
    if blocked.is_empty() { Ok(()) } else { Err(access::is_blocked()) }
}

/// The conversation of two people, made if it is missing, moved to its next status if it is not;
/// as `viewer` sees it.
async fn ensure_with(
    app: &App,
    started_by: UserId,
    with: UserId,
    viewer: UserId,
    first: ConversationStatus,
    next: impl Fn(&ConversationRow) -> ConversationStatus,
) -> Answer<Conversation> {
    for _ in 0..ATTEMPTS {
        let now = app.clock.now();
        let Some(row) = app.store.direct_between(started_by, with).await? else {
            let id = ConversationId(Uuid::now_v7());
            let write = app.store.write().await?;
            match write.insert_direct(&NewDirect { id, started_by, with, status: first }, now).await {
                Err(StoreError::Taken) => continue,
                inserted => inserted?,
            }
            write.commit().await?;
            return announce(app, id, viewer).await;
        };
        let status = next(&row);
        if status == row.status {
            return wire::conversation::view(app, row, viewer).await;
        }
        if let Some(moved) = move_status(app, row.id, viewer, [row.status, status]).await? {
            return Ok(moved);
        }
    }
    Err(StoreError::Taken.into())
}

/// The invited one answers a pending invitation.
pub async fn answer(
    app: &App,
    row: ConversationRow,
    user: UserId,
    status: ConversationStatus,
) -> Answer<Conversation> {
    if row.status == status {
        return wire::conversation::view(app, row, user).await;
    }
    if row.status == ConversationStatus::Pending && row.started_by != user {
        if let Some(moved) = move_status(app, row.id, user, [row.status, status]).await? {
            return Ok(moved);
        }
        // Another answer was first; it may have been the same.
        let row = access::find(app, row.id, user).await?;
        if row.status == status {
            return wire::conversation::view(app, row, user).await;
        }
    }
    Err(ApiError::new(ErrorCode::Conflict, "this invitation is not waiting for your answer"))
}

/// Nothing when somebody else has moved it meanwhile.
async fn move_status(
    app: &App,
    id: ConversationId,
    by: UserId,
    statuses: [ConversationStatus; 2],
) -> Answer<Option<Conversation>> {
    let write = app.store.write().await?;
    if !write.move_conversation_status(id, statuses, app.clock.now()).await? {
        write.abandon().await?;
        return Ok(None);
    }
    write.commit().await?;
    announce(app, id, by).await.map(Some)
}
