//! The terms on which a request changes a call: its idempotency key, its answer, and one call at a time.

use crate::http::idempotency::IdempotencyKey;
use parley_protocol::UserId;

/// The terms of a change, besides the call itself.
#[derive(Default, Clone, Copy)]
pub struct Terms<'a> {
    /// Remembers the answer, in the same transaction.
    pub key: Option<&'a IdempotencyKey>,
    pub answer: Answered,
    /// Refused while this person is in another call.
    pub not_elsewhere: Option<UserId>,
}

/// The answer that the request gets.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// The call, and what a device needs to take part in it.
    Access,
    #[default]
    Call,
}
