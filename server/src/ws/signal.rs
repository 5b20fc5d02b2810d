//! The relay of signals, by which two devices set up their connection.
//!
//! The server checks that the two devices may talk to each other and how large a signal is, and reads nothing
//! else of it. A signal for a device that is not connected is dropped, since peers resend what is not
//! acknowledged.

use crate::{
    app::App,
    calls::{self},
    cluster::delivery::Audience,
    error::{Answer, ApiError},
    storage::CachedCall,
};
use parley_core::call::{Record, Rejected};
use parley_protocol::{CallId, DeviceId, ErrorCode, ServerMessage, UserId, signal::Signal};
use std::sync::Arc;

/// One end of a signal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    pub user: UserId,
    pub device: DeviceId,
}

/// Relays a signal.
pub async fn relay(app: &App, id: CallId, from: Endpoint, to: Endpoint, signal: Signal) -> Answer<()> {
    signal
        .check()
        .map_err(|_| ApiError::new(ErrorCode::TooLarge, "a part of the signal is larger than its limit"))?;
    let cached = roster_for(app, id, from, to).await?;
    may_speak(&cached.record, from, to).map_err(|rejected| ApiError::rejected(rejected, id))?;
    let message =
        ServerMessage::CallSignal { call_id: id, from_user: from.user, from_device: from.device, signal };
    app.publish(vec![Audience::Device { user: to.user, device: to.device }], &message);
    Ok(())
}

/// Returns a call to check the devices against: the cached one if it allows the signal, else the stored one.
/// The cached one may not know a device that has just joined at another server.
async fn roster_for(app: &App, id: CallId, from: Endpoint, to: Endpoint) -> Answer<Arc<CachedCall>> {
    match app.call_cache.get(id) {
        Some(cached) if !cached.record.status.is_live() || may_speak(&cached.record, from, to).is_ok() => {
            Ok(cached)
        }
        _ => calls::load(app, id).await,
    }
}

/// Checks that the devices may talk: devices in the call to one another and to ringing ones, ringing ones
/// only to those in the call.
fn may_speak(record: &Record, from: Endpoint, to: Endpoint) -> Result<(), Rejected> {
    let sender = record.seat(from.user).ok_or(Rejected::NotInRoster)?;
    let receiver = record.seat(to.user).ok_or(Rejected::NotInRoster)?;
    if !record.status.is_live() {
        return Err(Rejected::Over);
    }
    let (from_in, to_in) = (sender.is_in_on(from.device), receiver.is_in_on(to.device));
    let from_rings = sender.ringing_on.contains(&from.device);
    let to_rings = receiver.ringing_on.contains(&to.device);
    let allowed = (from_in && (to_in || to_rings)) || (from_rings && to_in);
    if allowed && from != to { Ok(()) } else { Err(Rejected::NotNow) }
}
