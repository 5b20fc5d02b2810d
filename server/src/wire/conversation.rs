//! Builds a conversation as one of its people sees it.

use super::call;
use crate::{
    app::App,
    error::{Answer, ApiError},
    storage::ConversationRow,
};
use parley_protocol::{
    UserId,
    call::Call,
    people::{Conversation, ConversationStatus, MemberRole, Ranked, UserSummary},
};

/// Builds the view of one conversation, with its live call.
pub async fn view(app: &App, row: ConversationRow, viewer: UserId) -> Answer<Conversation> {
    let mut views = views(app, vec![row], viewer).await?;
    views.pop().ok_or_else(ApiError::not_found)
}

/// Builds the views of several conversations, with their live calls.
pub async fn views(app: &App, rows: Vec<ConversationRow>, viewer: UserId) -> Answer<Vec<Conversation>> {
    let live = live_calls(app, &rows).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in &rows {
        let its = live.iter().find(|call| call.conversation_id == row.id);
        views.push(view_with_call(app, row, its, viewer).await?);
    }
    Ok(views)
}

/// Loads the live calls of these conversations.
pub async fn live_calls(app: &App, rows: &[ConversationRow]) -> Answer<Vec<Call>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut calls = Vec::new();
    for record in app.store.live_calls_in(&ids).await? {
        let cached = app.store.with_profiles(record).await?;
        calls.push(call::view(&cached.record, &cached.profiles.people));
    }
    Ok(calls)
}

/// Builds the view of a conversation whose live call is known.
pub async fn view_with_call(
    app: &App,
    row: &ConversationRow,
    live: Option<&Call>,
    viewer: UserId,
) -> Answer<Conversation> {
    let mut view = view_of_row(row, viewer);
    if row.has(viewer) {
        view.live_call = live.cloned();
        // The last message is from a person whom the viewer has blocked, so the last visible one is shown.
        if row.last_hidden_from.contains(&viewer) {
            view.last_message = app.store.messages(row.id, viewer, None, 1).await?.pop();
        }
    }
    Ok(view)
}

/// Builds the view of a conversation from its row alone, without its live call.
pub fn view_of_row(row: &ConversationRow, viewer: UserId) -> Conversation {
    let person = |id: UserId| row.people.get(&id).cloned().unwrap_or_else(|| UserSummary::named(id, ""));
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
