//! A second call while one is in the first: rung only where the person allows call waiting, answered by leaving the
//! first or by holding it.

use super::{elsewhere::is_in, service::handle};
use crate::{
    app::App,
    error::{Answer, ApiError},
};
use parley_core::call::{Input, Record};
use parley_protocol::{CallId, ErrorCode, UserId, rest::OtherCall};

/// Whose other calls are in the way of this answer, if anybody's are.
pub async fn other_calls(app: &App, user: UserId, other: Option<OtherCall>) -> Answer<Option<UserId>> {
    match other {
        None => Ok(Some(user)),
        Some(OtherCall::Leave) => Ok(None),
        Some(OtherCall::Hold) => {
            let chosen = app.store.choices(&[user]).await?;
            if !chosen.get(&user).is_some_and(|chosen| chosen.call_waiting) {
                return Ok(Some(user));
            }
            let live = app.store.live_calls_of(user).await?;
            let held: Vec<&Record> = live.iter().filter(|call| is_in(call, user)).collect();
            match held.as_slice() {
                [] | [_] => Ok(None),
                [first, ..] => Err(ApiError::because_of(
                    ErrorCode::AlreadyInCall,
                    "you are in another call, and hold one",
                    first.id,
                )),
            }
        }
    }
}

/// Out of every other call, with whichever device.
pub async fn leave_others(app: &App, user: UserId, but: CallId) -> Answer<()> {
    for call in app.store.live_calls_of(user).await?.into_iter().filter(|call| call.id != but) {
        let device = call.seat(user).filter(|seat| seat.status.is_in()).and_then(|seat| seat.device_id);
        if let Some(device) = device {
            handle(app, call.id, Input::Leave { user, device }).await?;
        }
    }
    Ok(())
}
