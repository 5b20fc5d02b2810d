//! `GET/POST /api/conversations/{id}/invite-links`: lists the links of a group, and makes one.

pub mod one;

use crate::{
    app::App,
    conversations::links,
    error::Answer,
    http::{
        idempotency::{self, IdempotencyHeader, Idempotent},
        input::{Body, Id},
        session::Person,
    },
};
use axum::{Json, extract::State, http::StatusCode};
use parley_protocol::{
    ConversationId,
    rest::{GroupLink, GroupLinks, NewGroupLink},
};

/// Lists the valid links of a group.
///
/// They are all on one page; a group can have no more than fit on it.
#[utoipa::path(
    get, path = "/api/conversations/{id}/invite-links", tag = "conversations",
    responses((status = 200, body = GroupLinks), (status = 403, description = "not_allowed"), (status = 409, description = "conflict, not_accepted")),
)]
pub async fn get(
    State(app): State<App>,
    person: Person,
    Id(id): Id<ConversationId>,
) -> Answer<Json<GroupLinks>> {
    let items = links::list(&app, id, person.user).await?;
    Ok(Json(GroupLinks { items, next_cursor: None }))
}

/// Makes a link into a group. Its token is shown only here.
#[utoipa::path(
    post, path = "/api/conversations/{id}/invite-links", tag = "conversations",
    params(IdempotencyHeader),
    request_body = NewGroupLink,
    responses((status = 201, body = GroupLink), (status = 403, description = "not_allowed"), (status = 409, description = "conflict, not_accepted, limit_reached")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<ConversationId>,
    Idempotent(Body(wish), key): Idempotent<Body<NewGroupLink>>,
) -> Answer<(StatusCode, Json<GroupLink>)> {
    let work = links::make(&app, id, person.user, wish, key.as_ref());
    let link = idempotency::answer(&app, key.as_ref(), work).await?;
    Ok((StatusCode::CREATED, Json(link)))
}
