//! The terms on which a request changes a call: its idempotency key, its kind of answer, and one call at a
//! time.

use crate::http::idempotency::IdempotencyKey;
use parley_protocol::UserId;

/// The terms of a change.
#[derive(Default, Clone, Copy)]
pub struct Terms<'a> {
    /// The key under which the answer is stored in the same transaction.
    pub key: Option<&'a IdempotencyKey>,
    pub answer: Answered,
    /// The person who must not be in another call; none when that does not matter.
    pub not_elsewhere: Option<UserId>,
}

/// The kind of answer that the request gets.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// The call with the credentials that a device needs to take part in it.
    Access,
    #[default]
    Call,
}
