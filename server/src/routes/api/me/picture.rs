//! `PUT/DELETE /api/me/picture`: what one looks like to others.

use super::{looks_different, profile};
use crate::{
    app::App,
    error::{Answer, ApiError},
    http::session::Person,
    people::pictures,
    storage::{Picture, PictureKind},
};
use axum::{
    Json,
    body::to_bytes,
    extract::{FromRequest, Request, State},
    http::header,
};
use parley_protocol::{ErrorCode, PictureId, limits, people::Profile};
use uuid::Uuid;

/// A picture as the body of a request.
pub struct Sent(Picture);

impl FromRequest<App> for Sent {
    type Rejection = ApiError;

    async fn from_request(request: Request, _app: &App) -> Result<Self, ApiError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind: PictureKind = kind.unwrap_or_default().trim().parse().map_err(|()| {
            ApiError::new(ErrorCode::UnsupportedMediaType, "a picture must be image/webp or image/jpeg")
        })?;
        let bytes = to_bytes(request.into_body(), limits::PICTURE_MAX_BYTES)
            .await
            .map_err(|_| ApiError::new(ErrorCode::TooLarge, "a picture may have 64 KiB"))?;
        pictures::read(kind, bytes.into()).map(Self).map_err(|why| ApiError::field("picture", why))
    }
}

/// Show oneself with a picture.
#[utoipa::path(
    put, path = "/api/me/picture", tag = "people",
    request_body(content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/webp"))),
    responses((status = 200, body = Profile)),
)]
pub async fn put(State(app): State<App>, person: Person, Sent(picture): Sent) -> Answer<Json<Profile>> {
    set(&app, &person, Some((PictureId(Uuid::now_v7()), picture))).await
}

/// Show oneself with one's initials.
#[utoipa::path(
    delete, path = "/api/me/picture", tag = "people",
    responses((status = 200, body = Profile)),
)]
pub async fn delete(State(app): State<App>, person: Person) -> Answer<Json<Profile>> {
    set(&app, &person, None).await
}

async fn set(app: &App, person: &Person, picture: Option<(PictureId, Picture)>) -> Answer<Json<Profile>> {
    let write = app.store.write().await?;
    write.set_picture(person.user, picture).await?;
    write.commit().await?;
    looks_different(app, person);
    Ok(Json(profile(app, person).await?))
}
