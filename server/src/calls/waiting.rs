//! Call waiting: answering a second call by leaving the first or by holding it. Holding is only for people
//! who allow call waiting.

use super::{elsewhere::is_in, service::handle};
use crate::{
    app::App,
    error::{Answer, ApiError},
};
use parley_core::call::{Input, Record};
use parley_protocol::{CallId, ErrorCode, UserId, rest::OtherCall};

/// Returns the person as `Terms::not_elsewhere` if another call of theirs must refuse this answer, else none.
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
                // One call on hold at a time.
                [] | [_] => Ok(None),
                [first, ..] => Err(ApiError::because_of(
                    ErrorCode::AlreadyInCall,
                    "you are in a call and already hold another",
                    first.id,
                )),
            }
        }
    }
}

/// Takes the person out of every other call, whichever device is in it.
pub async fn leave_others(app: &App, user: UserId, but: CallId) -> Answer<()> {
    for call in app.store.live_calls_of(user).await?.into_iter().filter(|call| call.id != but) {
        let device = call.seat(user).filter(|seat| seat.status.is_in()).and_then(|seat| seat.device_id);
        if let Some(device) = device {
            handle(app, call.id, Input::Leave { user, device }).await?;
        }
    }
    Ok(())
}
