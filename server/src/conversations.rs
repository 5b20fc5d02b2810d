//! Conversations: who starts one with whom, and what it looks like to each of its people.
//!
//! Two people have one direct conversation. Starting it is an invitation; the other one accepts or
//! declines. Whoever is invited and starts it as well accepts it. Whoever declined can still start it
//! later, and it is accepted then; whoever was declined cannot ask again.

use crate::{
    app::App,
    bus::Audience,
    calls::{service, wire},
    error::{Answer, ApiError},
    storage::{ConversationRow, NewDirect, StoreError},
};
use parley_protocol::{
    ConversationId, ServerMessage, UserId,
    people::{Conversation, ConversationStatus, UserSummary},
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
    ensure(app, user, other, |row| {
        let both_want = row.started_by != user;
        if both_want { ConversationStatus::Accepted } else { row.status }
    })
    .await
}

/// `guest` follows a link of `maker`: both want to talk.
pub async fn befriend(app: &App, maker: UserId, guest: UserId) -> Answer<Conversation> {
    ensure_with(app, maker, guest, guest, ConversationStatus::Accepted, |_| ConversationStatus::Accepted)
        .await
}

async fn ensure(
    app: &App,
    user: UserId,
    other: UserId,
    next: impl Fn(&ConversationRow) -> ConversationStatus,
) -> Answer<Conversation> {
    ensure_with(app, user, other, user, ConversationStatus::Pending, next).await
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
            return view(app, row, viewer).await;
        }
        return set_status(app, row.id, viewer, status).await;
    }
    Err(StoreError::Taken.into())
}

pub async fn set_status(
    app: &App,
    id: ConversationId,
    by: UserId,
    status: ConversationStatus,
) -> Answer<Conversation> {
    let write = app.store.write().await?;
    write.set_conversation_status(id, status, app.clock.now()).await?;
    write.commit().await?;
    announce(app, id, by).await
}

/// Tells everyone in the conversation what it is like to them; returns what it is like to `viewer`.
async fn announce(app: &App, id: ConversationId, viewer: UserId) -> Answer<Conversation> {
    let row = find(app, id, viewer).await?;
    for user in row.member_ids() {
        let conversation = view(app, row.clone(), user).await?;
        app.tell(vec![Audience::Users(vec![user])], &ServerMessage::ConversationUpdated { conversation });
    }
    view(app, row, viewer).await
}

/// The conversation, if the person is in it.
pub async fn find(app: &App, id: ConversationId, of: UserId) -> Answer<ConversationRow> {
    app.store.conversation(id, of).await?.ok_or_else(ApiError::not_found)
}

pub async fn view(app: &App, row: ConversationRow, viewer: UserId) -> Answer<Conversation> {
    let mut views = views(app, vec![row], viewer).await?;
    views.pop().ok_or_else(ApiError::not_found)
}

pub async fn views(app: &App, rows: Vec<ConversationRow>, viewer: UserId) -> Answer<Vec<Conversation>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let live = app.store.live_calls_in(&ids).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let live_call = match live.iter().find(|call| call.conversation_id == row.id) {
            Some(record) => {
                let roster = service::with_names(app, record.clone()).await?;
                Some(wire::call(&roster.record, &roster.names, app.media.engine()))
            }
            None => None,
        };
        let unread = row.members.iter().find(|(id, _)| *id == viewer).map_or(0, |(_, unread)| *unread);
        let name = |id: UserId| row.names.get(&id).cloned().unwrap_or_default();
        views.push(Conversation {
            id: row.id,
            kind: row.kind,
            status: row.status,
            started_by: row.started_by,
            members: row
                .members
                .iter()
                .map(|(id, _)| UserSummary { id: *id, display_name: name(*id) })
                .collect(),
            last_message: row.last_message,
            unread,
            live_call,
            updated_at: row.updated_at,
        });
    }
    Ok(views)
}
