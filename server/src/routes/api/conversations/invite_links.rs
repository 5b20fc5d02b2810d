//! `GET/POST /api/conversations/{id}/invite-links`: the links into a group, and making one. Its token is shown once.

pub mod one;

use crate::{
    app::App,
    conversations::links,
    error::Answer,
    http::{
        idempotency::{self, OnceKey},
        input::{Body, Id},
        session::Person,
    },
};
use axum::{Json, extract::State, http::StatusCode};
use parley_protocol::{
    ConversationId,
    rest::{GroupLink, GroupLinks, NewGroupLink},
};

/// The links into a group that are still good.
///
/// All on one page: there are no more than fit on it.
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

/// Make a link into a group. Its token is shown once.
#[utoipa::path(
    post, path = "/api/conversations/{id}/invite-links", tag = "conversations",
    params(OnceKey),
    request_body = NewGroupLink,
    responses((status = 201, body = GroupLink), (status = 403, description = "not_allowed"), (status = 409, description = "conflict, not_accepted, limit_reached")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<ConversationId>,
    key: OnceKey,
    Body(wish): Body<NewGroupLink>,
) -> Answer<(StatusCode, Json<GroupLink>)> {
    let once = key.of(&person, format_args!("invite-links {id} {wish:?}"));
    let work = links::make(&app, id, person.user, wish, once.as_ref());
    let link = Box::pin(idempotency::answer(&app, once.as_ref(), work)).await?;
    Ok((StatusCode::CREATED, Json(link)))
}
