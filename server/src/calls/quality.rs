//! Who may say how a call was.

use crate::{
    app::App,
    error::{Answer, ApiError},
};
use parley_core::{
    call::{Record, Rejected},
    time::Duration,
};
use parley_protocol::{DeviceId, UserId};

/// What was measured in the last seconds of a call may come after its end.
const LATE: Duration = Duration::from_secs(60);

/// The device with which the person is, or was at the end, in the call.
pub fn may_report(app: &App, record: &Record, user: UserId, device: DeviceId) -> Answer<()> {
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
