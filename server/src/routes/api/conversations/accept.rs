//! `POST /api/conversations/{id}/accept`

use crate::{
    app::App,
    error::Answer,
    http::{input::Id, session::Person},
};
use axum::{Json, extract::State};
use parley_protocol::people::{Conversation, ConversationStatus};

pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<parley_protocol::ConversationId>,
) -> Answer<Json<Conversation>> {
    super::answer(&app, &person, id, ConversationStatus::Accepted).await
}
