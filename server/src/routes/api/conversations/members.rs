//! `POST /api/conversations/{id}/members`: invites people to a group.

pub mod one;

use crate::{
    app::App,
    conversations::group,
    error::Answer,
    http::{
        input::{Body, Id},
        session::Person,
    },
};
use axum::{Json, extract::State};
use parley_protocol::{ConversationId, people::Conversation, rest::AddMembers};

/// Invites people to a group.
#[utoipa::path(
    post, path = "/api/conversations/{id}/members", tag = "conversations",
    request_body = AddMembers,
    responses((status = 200, body = Conversation), (status = 403, description = "not_allowed"), (status = 409, description = "conflict, not_accepted, limit_reached"), (status = 429, description = "rate_limited")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<ConversationId>,
    Body(wish): Body<AddMembers>,
) -> Answer<Json<Conversation>> {
    group::invite(&app, id, person.user, &wish.user_ids).await.map(Json)
}
