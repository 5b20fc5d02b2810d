//! `POST /api/auth/logout`: ends the session and closes its sockets.

use crate::{
    app::App,
    error::Answer,
    http::session::{self, Person},
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};

/// Signs out: ends the session and closes its sockets.
#[utoipa::path(
    post, path = "/api/auth/logout", tag = "auth",
    responses((status = 204)),
)]
pub async fn post(State(app): State<App>, person: Person) -> Answer<(StatusCode, HeaderMap)> {
    session::end(&app, person.user, person.session).await?;
    Ok((StatusCode::NO_CONTENT, session::cleared_cookie(&app)))
}
