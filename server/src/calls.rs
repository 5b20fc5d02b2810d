//! Calls on the server: load, let the core decide, write, publish.

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
