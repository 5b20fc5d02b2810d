//! Conversations: starting and changing them, and announcing every change to their people.
//!
//! `direct` and `group` have the rules. A person hears nothing from people whom they have blocked, neither
//! invitations nor changes of a conversation of two. To a blocked person that looks like silence.

mod direct;
pub mod group;
pub mod links;

pub use direct::{befriend, start};

use crate::{
    access,
    app::App,
    cluster::delivery::Audience,
    error::{Answer, ApiError},
    storage::{Block, ConversationRow},
    wire::conversation::{live_calls, view_with_call},
};
use parley_protocol::{
    ConversationId, ServerMessage, UserId,
    people::{Conversation, ConversationKind, ConversationStatus},
};

/// Accepts or declines an invitation. The same answer again changes nothing.
pub async fn answer(
    app: &App,
    id: ConversationId,
    user: UserId,
    status: ConversationStatus,
) -> Answer<Conversation> {
    let row = access::find(app, id, user).await?;
    match row.kind {
        ConversationKind::Direct => direct::answer(app, row, user, status).await,
        ConversationKind::Group => group::answer(app, row, user, status).await,
    }
}

/// Sends the conversation to everyone in it or invited to it, each with their own view of it. Returns the
/// view of `viewer`.
async fn announce(app: &App, id: ConversationId, viewer: UserId) -> Answer<Conversation> {
    let row = app.store.any_conversation(id).await?.ok_or_else(ApiError::not_found)?;
    let live = live_calls(app, std::slice::from_ref(&row)).await?.pop();
    for user in recipients(app, &row).await? {
        let conversation = view_with_call(app, &row, live.as_ref(), user).await?;
        app.publish(vec![Audience::Users(vec![user])], &ServerMessage::ConversationUpdated { conversation });
    }
    view_with_call(app, &row, live.as_ref(), viewer).await
}

/// Lists the members and invited people, without those who have blocked the other person or the one who
/// invited them.
async fn recipients(app: &App, row: &ConversationRow) -> Answer<Vec<UserId>> {
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
