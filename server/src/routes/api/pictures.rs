//! `GET /api/pictures/{id}`: returns a profile picture to anyone who knows its id. People who follow an
//! invite link see the picture of its maker before they sign in.

use crate::{
    app::App,
    error::{Answer, ApiError},
    http::input::Id,
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use parley_protocol::PictureId;

/// Returns a profile picture. The picture of an id never changes.
#[utoipa::path(
    get, path = "/api/pictures/{id}", tag = "people",
    security(()),
    responses(
        (status = 200, content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/webp"))),
        (status = 304, description = "The client has it"),
    ),
)]
pub async fn get(State(app): State<App>, Id(id): Id<PictureId>, request: HeaderMap) -> Answer<Response> {
    let picture = app.store.picture(id).await?.ok_or_else(ApiError::not_found)?;
    let tag = format!("\"{id}\"");
    let known = request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if known {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(picture.kind.as_str()));
    Ok((headers, picture.bytes).into_response())
}
