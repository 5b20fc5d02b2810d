//! Calls on the server: load, let the core decide, write, tell.

pub mod deadlines;
pub mod devices;
mod invite;
pub mod members;
mod outsiders;
pub mod quality;
pub mod reports;
mod roster;
pub mod service;
mod start;
pub mod waiting;
pub mod wire;

pub use invite::invite;
pub use roster::{Roster, Rosters};
use start::refuse_if_in_another;
pub use start::{may_ring, start};
