//! `POST /api/me/invite-link`: makes a personal invite link.

use crate::{
    app::App,
    error::{Answer, ApiError},
    http::{
        idempotency::{self, IdempotencyHeader, IdempotencyKey, Idempotent},
        input::NoBody,
        session::Person,
    },
    secret,
};
use axum::{Json, extract::State, http::StatusCode};
use parley_protocol::{ErrorCode, limits, rest::InviteLink};

/// Makes a personal invite link. Its token is shown only here.
#[utoipa::path(
    post, path = "/api/me/invite-link", tag = "people",
    params(IdempotencyHeader),
    responses((status = 201, body = InviteLink), (status = 409, description = "conflict, limit_reached")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Idempotent(NoBody, key): Idempotent<NoBody>,
) -> Answer<(StatusCode, Json<InviteLink>)> {
    let work = make(&app, &person, key.as_ref());
    let link = idempotency::answer(&app, key.as_ref(), work).await?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// Makes the link, unless the person has too many.
async fn make(app: &App, person: &Person, key: Option<&IdempotencyKey>) -> Answer<InviteLink> {
    let now = app.clock.now();
    let link = InviteLink { token: secret::new_token(), expires_at: now + app.config.invite_life() };
    let write = app.store.write().await?;
    // Without the lock, two requests at once by one person would both find room.
    write.lock_users(&[person.user]).await?;
    if write.count_invites(person.user, now).await?
        >= u64::try_from(limits::OWN_LINKS_MAX).unwrap_or(u64::MAX)
    {
        let why = format!("a person may have {} links; wait until one has expired", limits::OWN_LINKS_MAX);
        return Err(ApiError::new(ErrorCode::LimitReached, why));
    }
    write.insert_invite(&secret::digest(&link.token), person.user, now, link.expires_at).await?;
    if let Some(key) = key {
        key.remember(&write, &link, now).await?;
    }
    write.commit().await?;
    Ok(link)
}
