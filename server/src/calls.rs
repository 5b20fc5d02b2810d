//! Calls on the server: load, let the core decide, write, tell.

pub mod deadlines;
pub mod devices;
mod roster;
pub mod service;
mod start;
pub mod wire;

pub use roster::{Roster, Rosters};
pub use start::{refuse_if_in_another, start};
