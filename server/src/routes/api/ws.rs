//! `GET /api/ws`: opens the WebSocket.

use crate::{app::App, cluster::limits::Limited, error::ApiError, http::session::Person, ws};
use axum::{
    extract::{State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    response::{IntoResponse, Response},
};
use parley_protocol::{ErrorCode, limits};

/// The read buffer of a socket. It is small because most sockets are idle, and grows for a longer frame.
const READ_BUFFER: usize = 1024;
/// The write buffer, in which waiting frames are collected before they are written.
const WRITE_BUFFER: usize = 4 * 1024;

/// Opens the WebSocket.
///
/// A frame of more than 64 KiB is refused; one of more than 128 KiB closes the socket.
#[utoipa::path(
    get, path = "/api/ws", tag = "socket",
    responses((status = 101), (status = 403, description = "forbidden_origin"), (status = 409, description = "conflict"), (status = 429, description = "rate_limited")),
)]
pub async fn get(
    State(app): State<App>,
    person: Person,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else {
        return ApiError::new(ErrorCode::Conflict, "this path needs a WebSocket upgrade").into_response();
    };
    if app.is_draining() {
        return ApiError::new(ErrorCode::Unavailable, "the server is stopping; connect to another one")
            .into_response();
    }
    if let Err(refusal) = app.limits.take(Limited::UserSockets, person.user, app.clock.now()).await {
        return refusal.into_response();
    }
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_message_size(2 * limits::FRAME_MAX_BYTES)
        .max_frame_size(2 * limits::FRAME_MAX_BYTES)
        .on_upgrade(move |socket| ws::run(app, person, socket))
}
