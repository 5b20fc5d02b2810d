//! Rate limits, in memory and in Redis: a request at the limit is accepted, one beyond it refused, and a
//! later one accepted again.

mod away;
mod counting;
mod requests;
