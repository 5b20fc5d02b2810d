//! `GET /health`: the process lives.

/// The process lives.
#[utoipa::path(
    get, path = "/health", tag = "operations",
    security(()),
    responses((status = 200, body = String, content_type = "text/plain")),
)]
pub async fn get() -> &'static str {
    "ok\n"
}
