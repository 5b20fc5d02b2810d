//! `GET /ready`: requests can be served.

use crate::{
    app::App,
    error::{Answer, ApiError},
};
use axum::extract::State;
use parley_protocol::ErrorCode;

pub async fn get(State(app): State<App>) -> Answer<&'static str> {
    if app.is_draining() {
        return Err(ApiError::new(ErrorCode::Unavailable, "the server is stopping"));
    }
    app.store.ping().await?;
    Ok("ready\n")
}
