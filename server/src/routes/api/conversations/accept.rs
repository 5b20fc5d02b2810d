//! `POST /api/conversations/{id}/accept`: accepts an invitation.

use crate::{
    app::App,
    conversations,
    error::Answer,
    http::{input::Id, session::Person},
    people::presence,
};
use axum::{Json, extract::State};
use parley_protocol::people::{Conversation, ConversationStatus};

/// Accepts the invitation to a conversation.
#[utoipa::path(
    post, path = "/api/conversations/{id}/accept", tag = "conversations",
    responses((status = 200, body = Conversation), (status = 409, description = "conflict")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<parley_protocol::ConversationId>,
) -> Answer<Json<Conversation>> {
    let conversation = conversations::answer(&app, id, person.user, ConversationStatus::Accepted).await?;
    presence::joined(&app, person.user, &conversation).await;
    Ok(Json(conversation))
}
