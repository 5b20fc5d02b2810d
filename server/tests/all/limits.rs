//! At the limit it is done, one past it it is refused, and later it is done again: in memory and in Redis.

mod away;
mod counting;
mod requests;
