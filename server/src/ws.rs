//! The socket at `/api/ws`: who is connected, and what they say.

mod budget;
mod frames;
mod signal;
mod socket;

pub use frames::read;
pub use socket::run;
