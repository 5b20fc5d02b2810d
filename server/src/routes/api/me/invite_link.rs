//! `POST /api/me/invite-link`: a link to hand to somebody. Its token is shown once.

use crate::{
    app::App,
    error::Answer,
    http::{secret, session::Person},
};
use axum::{Json, extract::State, http::StatusCode};
use parley_protocol::rest::InviteLink;

/// A personal link, whose token is shown once.
#[utoipa::path(
    post, path = "/api/me/invite-link", tag = "people",
    responses((status = 201, body = InviteLink)),
)]
pub async fn post(State(app): State<App>, person: Person) -> Answer<(StatusCode, Json<InviteLink>)> {
    let now = app.clock.now();
    let expires_at = now + app.config.invite_life();
    let token = secret::new_token();
    let write = app.store.write().await?;
    write.insert_invite(&secret::digest(&token), person.user, now, expires_at).await?;
    write.commit().await?;
    Ok((StatusCode::CREATED, Json(InviteLink { token, expires_at })))
}
