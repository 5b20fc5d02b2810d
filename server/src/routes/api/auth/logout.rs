//! `POST /api/auth/logout`: ends the session, and every socket that it opened.

use crate::{
    app::App,
    error::Answer,
    http::session::{self, Person},
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use parley_core::time::Duration;

/// End this session, and every socket that it opened.
#[utoipa::path(
    post, path = "/api/auth/logout", tag = "auth",
    responses((status = 204)),
)]
pub async fn post(State(app): State<App>, person: Person) -> Answer<(StatusCode, HeaderMap)> {
    let write = app.store.write().await?;
    write.delete_session(person.session).await?;
    write.commit().await?;
    app.bus.revoke(person.user, person.session);
    let mut headers = HeaderMap::new();
    if let Some(cookie) = session::cookie("", Duration::ZERO, app.config.is_secure()) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    Ok((StatusCode::NO_CONTENT, headers))
}
