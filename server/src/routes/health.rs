//! `GET /health`: the process lives.

pub async fn get() -> &'static str {
    "ok\n"
}
