//! `POST /api/me/invite-link`: a link to hand to somebody. Its token is shown once.

use crate::{
    app::App,
    error::{Answer, ApiError},
    http::{secret, session::Person},
};
use axum::{Json, extract::State, http::StatusCode};
use parley_protocol::{ErrorCode, limits, rest::InviteLink};

/// A personal link, whose token is shown once.
#[utoipa::path(
    post, path = "/api/me/invite-link", tag = "people",
    responses((status = 201, body = InviteLink), (status = 409, description = "limit_reached")),
)]
pub async fn post(State(app): State<App>, person: Person) -> Answer<(StatusCode, Json<InviteLink>)> {
    let now = app.clock.now();
    let expires_at = now + app.config.invite_life();
    let token = secret::new_token();
    let write = app.store.write().await?;
    // Two at once of one person would both find room.
    write.lock_users(&[person.user]).await?;
    if write.count_invites(person.user, now).await?
        >= u64::try_from(limits::OWN_LINKS_MAX).unwrap_or(u64::MAX)
    {
        let why = format!("a person may have {} links; wait until one has expired", limits::OWN_LINKS_MAX);
        return Err(ApiError::new(ErrorCode::LimitReached, why));
    }
    write.insert_invite(&secret::digest(&token), person.user, now, expires_at).await?;
    write.commit().await?;
    Ok((StatusCode::CREATED, Json(InviteLink { token, expires_at })))
}
