//! The check whether this server lets calls begin: calls are switched on, and it is not stopping.

use crate::{
    app::App,
    error::{Answer, ApiError},
};
use parley_protocol::ErrorCode;

/// Refuses to start, join or extend calls while the server is stopping or calls are switched off.
pub fn may_ring(app: &App) -> Answer<()> {
    if app.is_draining() {
        return Err(ApiError::new(ErrorCode::Unavailable, "the server is stopping; try again shortly"));
    }
    if !app.config.calls_enabled {
        return Err(ApiError::new(ErrorCode::CallsDisabled, "calls are switched off on this server"));
    }
    Ok(())
}
