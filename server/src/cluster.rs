//! The parts that make several servers act as one: the sockets of each, and the bus, the directory and the
//! limits that they share.
//!
//! Bus, directory and limits have two forms each: in memory for a single server, and over Redis for several.

pub mod bus;
pub mod delivery;
pub mod directory;
pub mod hub;
pub mod limits;
pub mod redis;
