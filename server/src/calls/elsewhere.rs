//! The rule of one call at a time: checks whether a person is in another call.

use crate::{
    error::{Answer, ApiError},
    storage::Write,
};
use parley_core::call::Record;
use parley_protocol::{CallId, ErrorCode, UserId};

/// Refuses if the person is in another call. The caller holds the lock on the person (`lock_users`), so that
/// stays true until the transaction ends.
pub(super) async fn refuse_if_in_another(write: &Write, user: UserId, but: CallId) -> Answer<()> {
    let open = write.open_seats_of(&[user]).await?;
    match open.iter().find(|seat| seat.call != but && seat.status.is_in()) {
        Some(other) => {
            Err(ApiError::because_of(ErrorCode::AlreadyInCall, "you are in another call", other.call))
        }
        None => Ok(()),
    }
}

/// Tells whether the person is in the call.
pub(super) fn is_in(call: &Record, user: UserId) -> bool {
    call.seat(user).is_some_and(|seat| seat.status.is_in())
}
