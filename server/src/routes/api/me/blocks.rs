//! `GET /api/me/blocks`: lists the people whom the person has blocked.

use crate::{
    app::App,
    error::Answer,
    http::{input::Paging, session::Person},
};
use axum::{Json, extract::State};
use parley_protocol::rest::Users;

/// Lists the people you have blocked, newest first.
#[utoipa::path(
    get, path = "/api/me/blocks", tag = "people",
    params(Paging),
    responses((status = 200, body = Users)),
)]
pub async fn get(State(app): State<App>, person: Person, paging: Paging) -> Answer<Json<Users>> {
    let mut rows = app.store.blocked_by(person.user, paging.after, paging.fetch()).await?;
    let next_cursor = paging.cut(&mut rows, |(_, cursor)| *cursor);
    let items = rows.into_iter().map(|(person, _)| person).collect();
    Ok(Json(Users { items, next_cursor }))
}
