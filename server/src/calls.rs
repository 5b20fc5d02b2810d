//! Calls on the server: load a call, let the core decide, write the result, publish it.
//!
//! `start` begins a call, and `service` is the only way to change one. Both end in `commit`. The inputs come
//! from routes, from frames on sockets (`ws`), from the deadlines of calls (`deadlines`), from sockets that
//! come and go (`devices`) and from media engines (`reports`).

mod commit;
pub mod deadlines;
pub mod devices;
mod elsewhere;
mod invite;
mod load;
mod may_ring;
pub mod members;
mod outsiders;
pub mod quality;
pub mod reports;
pub mod service;
mod start;
pub mod terms;
pub mod waiting;

pub use invite::invite;
pub use load::load;
pub use may_ring::may_ring;
pub use start::start;
