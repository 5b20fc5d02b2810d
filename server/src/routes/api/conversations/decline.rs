//! `POST /api/conversations/{id}/decline`: declines an invitation.

use crate::{
    app::App,
    conversations,
    error::Answer,
    http::{input::Id, session::Person},
};
use axum::{Json, extract::State};
use parley_protocol::people::{Conversation, ConversationStatus};

/// Declines the invitation to a conversation.
#[utoipa::path(
    post, path = "/api/conversations/{id}/decline", tag = "conversations",
    responses((status = 200, body = Conversation), (status = 409, description = "conflict")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<parley_protocol::ConversationId>,
) -> Answer<Json<Conversation>> {
    conversations::answer(&app, id, person.user, ConversationStatus::Declined).await.map(Json)
}
