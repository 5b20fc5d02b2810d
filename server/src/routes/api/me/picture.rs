//! `PUT/DELETE /api/me/picture`: sets and removes the person's profile picture.

use super::{forget_profile, profile};
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

/// A checked picture, as an extractor of the body.
pub struct PictureBody(Picture);

impl FromRequest<App> for PictureBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _app: &App) -> Result<Self, ApiError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind: PictureKind = kind.unwrap_or_default().trim().parse().map_err(|()| {
            ApiError::new(ErrorCode::UnsupportedMediaType, "a picture must be image/webp or image/jpeg")
        })?;
        let bytes = to_bytes(request.into_body(), limits::PICTURE_MAX_BYTES)
            .await
            .map_err(|_| ApiError::new(ErrorCode::TooLarge, "a picture may have at most 64 KiB"))?;
        pictures::read(kind, &bytes).map(Self).map_err(|why| ApiError::field("picture", why))
    }
}

/// Sets your profile picture.
#[utoipa::path(
    put, path = "/api/me/picture", tag = "people",
    request_body(content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/webp"))),
    responses((status = 200, body = Profile)),
)]
pub async fn put(
    State(app): State<App>,
    person: Person,
    PictureBody(picture): PictureBody,
) -> Answer<Json<Profile>> {
    set(&app, &person, Some((PictureId(Uuid::now_v7()), picture))).await
}

/// Removes your profile picture. Others see your initials.
#[utoipa::path(
    delete, path = "/api/me/picture", tag = "people",
    responses((status = 200, body = Profile)),
)]
pub async fn delete(State(app): State<App>, person: Person) -> Answer<Json<Profile>> {
    set(&app, &person, None).await
}

/// Stores the picture or its absence, and answers with the profile.
async fn set(app: &App, person: &Person, picture: Option<(PictureId, Picture)>) -> Answer<Json<Profile>> {
    let write = app.store.write().await?;
    write.set_picture(person.user, picture).await?;
    write.commit().await?;
    forget_profile(app, person);
    Ok(Json(profile(app, person).await?))
}
