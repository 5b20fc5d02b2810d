//! The reach of a person, which follows from the live calls that they are in.

use super::{Reach, Record, Seat};
use parley_protocol::UserId;

impl Reach {
    /// Determines what asking the person would do. `live` are all live calls that may concern them; `deaf`
    /// says that they have blocked the caller; `lets_wait` that they want to be rung while they are in
    /// another call.
    pub fn of(user: UserId, live: &[Record], deaf: bool, lets_wait: bool) -> Self {
        let any = |is_so: fn(&Seat) -> bool| live.iter().filter_map(|call| call.seat(user)).any(is_so);
        // A ring that is hidden from the person must not make them busy: the caller could tell from it that
        // there is a block.
        let is_rung = any(|seat| seat.is_pending() && !seat.hidden);
        let is_in = any(|seat| seat.status.is_in());
        match () {
            () if deaf => Self::Silent,
            // A person who is being rung already is busy even so: one call can wait at a time.
            () if is_rung || (is_in && !lets_wait) => Self::Busy,
            () => Self::Rings,
        }
    }
}
