//! `DELETE /api/conversations/{id}/invite-links/{link}`: revokes a link.

use crate::{
    app::App,
    conversations::links,
    error::Answer,
    http::{input::Ids, session::Person},
};
use axum::{extract::State, http::StatusCode};
use parley_protocol::{ConversationId, LinkId};

/// Revokes a link into a group.
#[utoipa::path(
    delete, path = "/api/conversations/{id}/invite-links/{link}", tag = "conversations",
    responses((status = 204), (status = 403, description = "not_allowed"), (status = 409, description = "conflict, not_accepted")),
)]
pub async fn delete(
    State(app): State<App>,
    person: Person,
    Ids(id, link): Ids<ConversationId, LinkId>,
) -> Answer<StatusCode> {
    links::revoke(&app, id, person.user, link).await?;
    Ok(StatusCode::NO_CONTENT)
}
