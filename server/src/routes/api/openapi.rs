//! `GET /api/openapi.json`: every route, made from the code that answers it.

use crate::routes::document;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// This document.
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "operations",
    security(()),
    responses((status = 200, body = Object, content_type = "application/json")),
)]
pub async fn get() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document().json.as_str()).into_response()
}
