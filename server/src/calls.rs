//! Calls on the server: load, let the core decide, write, tell.

pub mod deadlines;
pub mod devices;
mod invite;
pub mod members;
mod outsiders;
pub mod quality;
pub mod reports;
pub mod service;
mod start;
pub mod waiting;
pub mod wire;

pub use crate::storage::{Roster, Rosters};
pub use invite::invite;
use start::refuse_if_in_another;
pub use start::{may_ring, start};
