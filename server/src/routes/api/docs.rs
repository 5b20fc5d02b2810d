//! `GET /api/docs`: returns the OpenAPI document as an HTML page, which loads nothing.

use crate::{assets::page_policy, routes::document};
use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};

/// Returns the routes as an HTML page.
#[utoipa::path(
    get, path = "/api/docs", tag = "operations",
    security(()),
    responses((status = 200, body = String, content_type = "text/html")),
)]
pub async fn get() -> Response {
    let html = &document().page;
    let mut response = Html(html.as_str()).into_response();
    if let Ok(policy) = HeaderValue::from_str(&page_policy(html)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
