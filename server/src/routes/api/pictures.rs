//! `GET /api/pictures/{id}`: a picture of somebody, for whoever was told its id; who is invited is not signed in yet.

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

/// A picture of somebody. Behind one id is always the same one.
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
