//! Permission to report the quality of a call, and to rate it.

use crate::{
    app::App,
    error::{Answer, ApiError},
};
use parley_core::{
    call::{Record, Rejected},
    time::Duration,
};
use parley_protocol::{CallId, DeviceId, UserId};

/// The time after leaving a call in which its last measurements are accepted.
const LATE: Duration = Duration::from_secs(60);

/// Checks that the person is in the call with this device, or was in it until a moment ago.
///
/// Every device reports every few seconds, so the cached call is checked first. It may not know a seat that
/// was just taken at another server, so a refusal is checked in the database.
pub async fn may_report(app: &App, call: CallId, user: UserId, device: DeviceId) -> Answer<()> {
    if let Some(cached) = app.call_cache.get(call)
        && has_seat(app, &cached.record, user, device).is_ok()
    {
        return Ok(());
    }
    let cached = super::load(app, call).await?;
    has_seat(app, &cached.record, user, device)
}

fn has_seat(app: &App, record: &Record, user: UserId, device: DeviceId) -> Answer<()> {
    let seat = record.seat(user).filter(|seat| !seat.hidden).ok_or_else(ApiError::not_found)?;
    let recent = seat.left_at.is_none_or(|left| left + LATE > app.clock.now());
    if seat.joined_at.is_some() && seat.device_id == Some(device) && recent {
        Ok(())
    } else {
        Err(ApiError::rejected(Rejected::NotNow, record.id))
    }
}

/// Checks that the person was in the call at some time.
pub fn may_rate(record: &Record, user: UserId) -> Answer<()> {
    let seat = record.seat(user).filter(|seat| !seat.hidden).ok_or_else(ApiError::not_found)?;
    match seat.joined_at {
        Some(_) => Ok(()),
        None => Err(ApiError::rejected(Rejected::NotNow, record.id)),
    }
}
