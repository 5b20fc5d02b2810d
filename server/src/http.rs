//! What every request passes through: who asks, from where, in what form, and what every answer carries.

pub mod address;
pub mod assets;
pub mod finish;
pub mod headers;
pub mod input;
pub mod limit;
pub mod origin;
pub mod secret;
pub mod session;
pub mod watch;
