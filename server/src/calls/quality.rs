//! Who may say how a call was.

use crate::{
    app::App,
    error::{Answer, ApiError},
};
use parley_core::{
    call::{Record, Rejected},
    time::Duration,
};
use parley_protocol::{CallId, DeviceId, UserId};

/// What was measured in the last seconds of a call may come after its end.
const LATE: Duration = Duration::from_secs(60);

/// Lets the device report with which the person is, or was at the end, in the call.
///
/// Reports come every few seconds from every device, so the cached call is asked. It may lag behind a seat that was just
/// taken at another server, so a refusal is looked up in the database.
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

/// Everybody who was in the call, for as long as it is remembered.
pub fn may_rate(record: &Record, user: UserId) -> Answer<()> {
    let seat = record.seat(user).filter(|seat| !seat.hidden).ok_or_else(ApiError::not_found)?;
    match seat.joined_at {
        Some(_) => Ok(()),
        None => Err(ApiError::rejected(Rejected::NotNow, record.id)),
    }
}
