//! `GET /api/conversations/{id}`

use crate::{
    app::App,
    conversations,
    error::Answer,
    http::{input::Id, session::Person},
};
use axum::{Json, extract::State};
use parley_protocol::{ConversationId, people::Conversation};

/// A conversation.
#[utoipa::path(
    get, path = "/api/conversations/{id}", tag = "conversations",
    responses((status = 200, body = Conversation)),
)]
pub async fn get(
    State(app): State<App>,
    person: Person,
    Id(id): Id<ConversationId>,
) -> Answer<Json<Conversation>> {
    let row = conversations::find(&app, id, person.user).await?;
    conversations::view(&app, row, person.user).await.map(Json)
}
