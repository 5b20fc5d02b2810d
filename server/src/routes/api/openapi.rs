//! `GET /api/openapi.json`: returns the OpenAPI document, which is made from the handlers.

use crate::routes::document;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// Returns this document.
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "operations",
    security(()),
    responses((status = 200, body = Object, content_type = "application/json")),
)]
pub async fn get() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document().json.as_str()).into_response()
}
