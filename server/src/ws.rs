//! The socket at `/api/ws`: who is connected, and what they say.

mod budget;
mod frames;
pub mod hub;
mod log;
mod signal;
mod socket;

pub use frames::read;
pub use socket::run;
