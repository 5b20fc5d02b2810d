//! Several servers as one: the sockets that each holds, and the bus, the directory and the limits that they share.
//!
//! Each has two forms: one for a server alone, in memory, and one over Redis.

pub mod bus;
pub mod delivery;
pub mod directory;
pub mod hub;
pub mod limits;
pub mod redis;
