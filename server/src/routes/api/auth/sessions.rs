//! `GET /api/auth/sessions`: lists the person's sessions.

pub mod one;

use crate::{
    app::App,
    error::Answer,
    http::{input::Paging, session::Person},
    storage::Cursor,
};
use axum::{Json, extract::State};
use parley_protocol::rest::{SessionInfo, Sessions};

/// Lists your sessions, newest first.
#[utoipa::path(
    get, path = "/api/auth/sessions", tag = "auth",
    params(Paging),
    responses((status = 200, body = Sessions)),
)]
pub async fn get(State(app): State<App>, person: Person, paging: Paging) -> Answer<Json<Sessions>> {
    let now = app.clock.now();
    let mut rows = app.store.sessions_of(person.user, now, paging.after, paging.fetch()).await?;
    let next_cursor = paging.cut(&mut rows, |row| Cursor { at: row.created_at.0, id: row.id.0 });
    let items = rows.into_iter().map(|row| SessionInfo {
        id: row.id,
        client: row.client,
        created_at: row.created_at,
        used_at: row.used_at,
        expires_at: row.expires_at,
        current: row.id == person.session,
    });
    Ok(Json(Sessions { items: items.collect(), next_cursor }))
}
