//! `DELETE /api/auth/sessions/{id}`: ends one of the person's sessions.

use crate::{
    app::App,
    error::{Answer, ApiError},
    http::{
        input::Id,
        session::{self, Person},
    },
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use parley_protocol::SessionId;

/// Ends one of your sessions. Its sockets get `session.revoked` and are closed.
#[utoipa::path(
    delete, path = "/api/auth/sessions/{id}", tag = "auth",
    security(("session" = ["signed_in"])),
    responses((status = 204)),
)]
pub async fn delete(
    State(app): State<App>,
    person: Person,
    Id(id): Id<SessionId>,
) -> Answer<(StatusCode, HeaderMap)> {
    if !session::end(&app, person.user, id).await? {
        return Err(ApiError::not_found());
    }
    let own = id == person.session;
    let headers = if own { session::cleared_cookie(&app) } else { HeaderMap::new() };
    Ok((StatusCode::NO_CONTENT, headers))
}
