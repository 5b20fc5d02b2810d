//! What every request passes through: who asks, from where, in what form, and what every answer carries.

pub mod address;
pub mod finish;
pub mod headers;
pub mod idempotency;
pub mod input;
pub mod limit;
pub mod origin;
pub mod session;
pub mod watch;
