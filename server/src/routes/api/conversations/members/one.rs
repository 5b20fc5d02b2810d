//! `PATCH/DELETE /api/conversations/{id}/members/{user}`: changes a member's role; removes a member, or
//! leaves.

use crate::{
    app::App,
    conversations::group,
    error::Answer,
    http::{
        input::{Body, Ids},
        session::Person,
    },
};
use axum::{Json, extract::State, http::StatusCode};
use parley_protocol::{ConversationId, UserId, people::Conversation, rest::UpdateMember};

/// Changes a member's role.
#[utoipa::path(
    patch, path = "/api/conversations/{id}/members/{user}", tag = "conversations",
    request_body = UpdateMember,
    responses((status = 200, body = Conversation), (status = 403, description = "not_allowed"), (status = 409, description = "conflict, not_accepted")),
)]
pub async fn patch(
    State(app): State<App>,
    person: Person,
    Ids(id, user): Ids<ConversationId, UserId>,
    Body(wish): Body<UpdateMember>,
) -> Answer<Json<Conversation>> {
    group::set_role(&app, id, person.user, user, wish.role).await.map(Json)
}

/// Removes a member, withdraws an invitation, or leaves.
#[utoipa::path(
    delete, path = "/api/conversations/{id}/members/{user}", tag = "conversations",
    responses((status = 204), (status = 403, description = "not_allowed"), (status = 409, description = "conflict, not_accepted")),
)]
pub async fn delete(
    State(app): State<App>,
    person: Person,
    Ids(id, user): Ids<ConversationId, UserId>,
) -> Answer<StatusCode> {
    group::remove(&app, id, person.user, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
