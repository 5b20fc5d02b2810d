//! Relaying what two devices tell each other about their connection: who may speak to whom, and how much.
//!
//! The content is not read. A signal for a device that is not there is dropped: the peers send again.

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

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct End {
    pub user: UserId,
    pub device: DeviceId,
}

pub async fn relay(app: &App, id: CallId, from: End, to: End, signal: Signal) -> Answer<()> {
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

/// The cached call if it allows this, else the stored one, which has the last word.
async fn roster_for(app: &App, id: CallId, from: End, to: End) -> Answer<Arc<CachedCall>> {
    match app.call_cache.get(id) {
        Some(cached) if !cached.record.status.is_live() || may_speak(&cached.record, from, to).is_ok() => {
            Ok(cached)
        }
        _ => calls::load(app, id).await,
    }
}

/// Devices in the call speak to one another and to those that ring; those that ring only to the former.
fn may_speak(record: &Record, from: End, to: End) -> Result<(), Rejected> {
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
