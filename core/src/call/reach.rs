//! What asking a person to come would do, by the calls that live.

use super::{Reach, Record, Seat};
use parley_protocol::UserId;

impl Reach {
    /// `live`: every live call that may concern the person. `deaf`: they have blocked who asks. `lets_wait`: they want
    /// to be rung over a call that they are in.
    pub fn of(user: UserId, live: &[Record], deaf: bool, lets_wait: bool) -> Self {
        let any = |is_so: fn(&Seat) -> bool| live.iter().filter_map(|call| call.seat(user)).any(is_so);
        // What rings without being heard is in nobody's way.
        let is_rung = any(|seat| seat.is_pending() && !seat.hidden);
        let is_in = any(|seat| seat.status.is_in());
        match () {
            () if deaf => Self::Silent,
            // One waits at a time.
            () if is_rung || (is_in && !lets_wait) => Self::Busy,
            () => Self::Rings,
        }
    }
}
