//! `GET/PATCH /api/conversations/{id}`: returns a conversation; renames a group.

use crate::{
    access,
    app::App,
    conversations::group,
    error::{Answer, ApiError},
    http::{
        input::{Body, Id},
        session::Person,
    },
    wire,
};
use axum::{Json, extract::State};
use parley_protocol::{ConversationId, people::Conversation, rest::UpdateConversation, text};

/// Returns a conversation.
#[utoipa::path(
    get, path = "/api/conversations/{id}", tag = "conversations",
    responses((status = 200, body = Conversation)),
)]
pub async fn get(
    State(app): State<App>,
    person: Person,
    Id(id): Id<ConversationId>,
) -> Answer<Json<Conversation>> {
    let row = access::find(&app, id, person.user).await?;
    wire::conversation::view(&app, row, person.user).await.map(Json)
}

/// Renames a group.
#[utoipa::path(
    patch, path = "/api/conversations/{id}", tag = "conversations",
    request_body = UpdateConversation,
    responses((status = 200, body = Conversation), (status = 403, description = "not_allowed"), (status = 409, description = "conflict, not_accepted")),
)]
pub async fn patch(
    State(app): State<App>,
    person: Person,
    Id(id): Id<ConversationId>,
    Body(wish): Body<UpdateConversation>,
) -> Answer<Json<Conversation>> {
    let name = text::display_name(&wish.name).map_err(|error| ApiError::text("name", error))?;
    group::rename(&app, id, person.user, &name).await.map(Json)
}
