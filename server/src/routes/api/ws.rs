//! `GET /api/ws`: the socket.

use crate::{app::App, cluster::limits::Limited, error::ApiError, http::session::Person, ws};
use axum::{
    extract::{State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    response::{IntoResponse, Response},
};
use parley_protocol::{ErrorCode, limits};

/// A buffer for reading, per socket: most sockets are silent most of the time, and for a longer frame it grows.
const READ_BUFFER: usize = 1024;
/// Frames that wait are put together in as much; only a socket that is written to has it.
const WRITE_BUFFER: usize = 4 * 1024;

/// The socket.
///
/// A frame that is a little too large is read and refused; one that is much too large ends the socket.
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
        return ApiError::new(ErrorCode::Conflict, "this address speaks WebSocket").into_response();
    };
    if app.is_draining() {
        return ApiError::new(ErrorCode::Unavailable, "the server is stopping; go to another one")
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
