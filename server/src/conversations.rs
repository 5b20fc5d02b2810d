//! Conversations: what each of their people sees of them, and who is told of what.
//!
//! `direct` and `group` say who may do what. Somebody whom one has blocked is not heard: neither their
//! invitations nor what becomes of a conversation with them. They cannot tell that from silence.

mod direct;
pub mod group;
pub mod links;

pub use direct::{befriend, start};

use crate::{
    app::App,
    calls::{service, wire},
    cluster::delivery::Audience,
    error::{Answer, ApiError},
    storage::{Block, ConversationRow},
};
use parley_protocol::{
    ConversationId, ErrorCode, ServerMessage, UserId,
    call::Call,
    people::{Conversation, ConversationKind, ConversationStatus, MemberRole, Ranked, UserSummary},
};

/// The invited one answers; the same answer again changes nothing.
pub async fn answer(
    app: &App,
    id: ConversationId,
    user: UserId,
    status: ConversationStatus,
) -> Answer<Conversation> {
    let row = find(app, id, user).await?;
    match row.kind {
        ConversationKind::Direct => direct::answer(app, row, user, status).await,
        ConversationKind::Group => group::answer(app, row, user, status).await,
    }
}

/// The conversation, if the person is in it or invited to it.
pub async fn find(app: &App, id: ConversationId, of: UserId) -> Answer<ConversationRow> {
    app.store.conversation(id, of).await?.ok_or_else(ApiError::not_found)
}

/// The conversation, if the person may read and write in it.
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

/// In a conversation of two, nothing is said to somebody whom one has blocked.
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

/// Tells everyone in the conversation, or invited to it, what it is like to them; returns what it is like to
/// `viewer`.
async fn announce(app: &App, id: ConversationId, viewer: UserId) -> Answer<Conversation> {
    let row = app.store.any_conversation(id).await?.ok_or_else(ApiError::not_found)?;
    let live = live_calls(app, std::slice::from_ref(&row)).await?.pop();
    for user in hearers(app, &row).await? {
        let conversation = seen(app, &row, live.as_ref(), user).await?;
        app.tell(vec![Audience::Users(vec![user])], &ServerMessage::ConversationUpdated { conversation });
    }
    seen(app, &row, live.as_ref(), viewer).await
}

/// Members and invited ones, but those who do not want to hear from who invites them or talks with them.
async fn hearers(app: &App, row: &ConversationRow) -> Answer<Vec<UserId>> {
    let mut all = row.member_ids();
    all.extend(row.invited.iter().map(|invited| invited.user));
    let blocks = app.store.blocks_within(&all).await?;
    let deaf = |user: UserId| match (row.kind, row.invitation(user)) {
        (ConversationKind::Direct, _) => blocks.iter().any(|block| block.by == user),
        (_, Some(invited)) => blocks.contains(&Block { by: user, of: invited.by }),
        _ => false,
    };
    all.retain(|user| !deaf(*user));
    Ok(all)
}

pub async fn view(app: &App, row: ConversationRow, viewer: UserId) -> Answer<Conversation> {
    let mut views = views(app, vec![row], viewer).await?;
    views.pop().ok_or_else(ApiError::not_found)
}

pub async fn views(app: &App, rows: Vec<ConversationRow>, viewer: UserId) -> Answer<Vec<Conversation>> {
    let live = live_calls(app, &rows).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in &rows {
        let its = live.iter().find(|call| call.conversation_id == row.id);
        views.push(seen(app, row, its, viewer).await?);
    }
    Ok(views)
}

async fn live_calls(app: &App, rows: &[ConversationRow]) -> Answer<Vec<Call>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut calls = Vec::new();
    for record in app.store.live_calls_in(&ids).await? {
        let roster = service::with_names(app, record).await?;
        calls.push(wire::call(&roster.record, &roster.known.faces));
    }
    Ok(calls)
}

async fn seen(app: &App, row: &ConversationRow, live: Option<&Call>, viewer: UserId) -> Answer<Conversation> {
    let mut view = paint(row, viewer);
    if row.has(viewer) {
        view.live_call = live.cloned();
        if row.last_hidden_from.contains(&viewer) {
            view.last_message = app.store.messages(row.id, viewer, None, 1).await?.pop();
        }
    }
    Ok(view)
}

/// What the row alone can tell.
fn paint(row: &ConversationRow, viewer: UserId) -> Conversation {
    let person = |id: UserId| row.faces.get(&id).cloned().unwrap_or_else(|| UserSummary::named(id, ""));
    let invitation = row.invitation(viewer);
    Conversation {
        id: row.id,
        kind: row.kind,
        name: row.name.clone(),
        status: if invitation.is_some() { ConversationStatus::Pending } else { row.status },
        started_by: invitation.map_or(row.started_by, |invited| invited.by),
        members: row.members.iter().map(|member| person(member.user)).collect(),
        roles: row
            .members
            .iter()
            .filter(|member| member.role != MemberRole::Member)
            .map(|member| Ranked { user_id: member.user, role: member.role })
            .collect(),
        invited: row.invited.iter().map(|invited| person(invited.user)).collect(),
        last_message: row.last_message.clone().filter(|_| row.has(viewer)),
        unread: row.member(viewer).map_or(0, |member| member.unread),
        live_call: None,
        updated_at: row.updated_at,
    }
}
