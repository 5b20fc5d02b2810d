//! The WebSocket at `/api/ws`: its task, the frames of clients, and relayed signals.

mod budget;
mod frames;
mod signal;
mod socket;

pub use frames::read;
pub use socket::run;
