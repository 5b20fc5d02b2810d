//! `POST /api/conversations/{id}/read`: marks a conversation as read.

use crate::{
    access,
    app::App,
    cluster::delivery::Audience,
    error::Answer,
    http::{input::Id, session::Person},
};
use axum::{extract::State, http::StatusCode};
use parley_protocol::{ConversationId, ServerMessage};

/// Marks every message of a conversation as read.
#[utoipa::path(
    post, path = "/api/conversations/{id}/read", tag = "conversations",
    responses((status = 204)),
)]
pub async fn post(State(app): State<App>, person: Person, Id(id): Id<ConversationId>) -> Answer<StatusCode> {
    let row = access::find(&app, id, person.user).await?;
    // Everybody may ask this at any time, and most of the time there is nothing to write.
    if row.member(person.user).is_none_or(|member| member.unread == 0) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let write = app.store.write().await?;
    let changed = write.mark_read(id, person.user).await?;
    write.commit().await?;
    if changed {
        let message = ServerMessage::ConversationRead { conversation_id: id };
        app.publish(vec![Audience::Users(vec![person.user])], &message);
    }
    Ok(StatusCode::NO_CONTENT)
}
