//! Conversations: how one begins, changes, and is announced to its people.
//!
//! `direct` and `group` say who may do what. Somebody whom one has blocked is not heard: neither their
//! invitations nor what becomes of a conversation with them. They cannot tell that from silence.

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
    wire::conversation::{live_calls, seen},
};
use parley_protocol::{
    ConversationId, ServerMessage, UserId,
    people::{Conversation, ConversationKind, ConversationStatus},
};

/// The invited one answers; the same answer again changes nothing.
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

/// Tells everyone in the conversation, or invited to it, what it is like to them; returns what it is like to
/// `viewer`.
async fn announce(app: &App, id: ConversationId, viewer: UserId) -> Answer<Conversation> {
    let row = app.store.any_conversation(id).await?.ok_or_else(ApiError::not_found)?;
    let live = live_calls(app, std::slice::from_ref(&row)).await?.pop();
    for user in hearers(app, &row).await? {
        let conversation = seen(app, &row, live.as_ref(), user).await?;
        app.publish(vec![Audience::Users(vec![user])], &ServerMessage::ConversationUpdated { conversation });
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
