//! Conversations of two.
//!
//! Two people have one direct conversation. Starting it is an invitation, which the other person accepts or
//! declines. An invited person who starts it as well accepts it, also after having declined. A person who was
//! declined cannot ask again.

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

/// The number of attempts when both people start at once.
const ATTEMPTS: usize = 4;

/// Invites `other` to a conversation with `user`, or accepts their invitation.
pub async fn start(app: &App, user: UserId, other: UserId) -> Answer<Conversation> {
    if user == other {
        return Err(ApiError::field("user_id", "must not be yourself"));
    }
    app.store.user(other).await?.ok_or_else(ApiError::not_found)?;
    refuse_blocked(app, user, other).await?;
    ensure_with(app, user, other, user, ConversationStatus::Pending, |row| {
        let both_want = row.started_by != user;
        if both_want { ConversationStatus::Accepted } else { row.status }
    })
    .await
}

/// Makes an accepted conversation of two people, of whom `guest` followed a link of `maker`.
pub async fn befriend(app: &App, maker: UserId, guest: UserId) -> Answer<Conversation> {
    refuse_blocked(app, guest, maker).await?;
    ensure_with(app, maker, guest, guest, ConversationStatus::Accepted, |_| ConversationStatus::Accepted)
        .await
}

/// Refuses if `user` has blocked `other`.
async fn refuse_blocked(app: &App, user: UserId, other: UserId) -> Answer<()> {
    let blocked = app.store.blocked_among(&[other], user).await?;
    if blocked.is_empty() { Ok(()) } else { Err(access::is_blocked()) }
}

/// Finds or makes the conversation of two people, and returns it as `viewer` sees it. A new one has status
/// `first`; one that exists is moved to the status that `next` returns.
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
                // The other person was faster: the next round finds their conversation.
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

/// Answers a pending invitation.
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
        // Another answer was faster. It may have been the same.
        let row = access::find(app, row.id, user).await?;
        if row.status == status {
            return wire::conversation::view(app, row, user).await;
        }
    }
    Err(ApiError::new(ErrorCode::Conflict, "this invitation is not waiting for your answer"))
}

/// Moves the conversation from one status to another. Returns none if it has left the first one in the
/// meantime.
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
