//! `GET /health`: answers as long as the process runs.

/// Answers as long as the process runs.
#[utoipa::path(
    get, path = "/health", tag = "operations",
    security(()),
    responses((status = 200, body = String, content_type = "text/plain")),
)]
pub async fn get() -> &'static str {
    "ok\n"
}
