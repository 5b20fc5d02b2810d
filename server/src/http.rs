//! The parts of HTTP that all routes share: sessions, origins, limits by address, bodies and ids, idempotency
//! keys, the headers of every answer, and its log span and metrics.

pub mod address;
pub mod body;
pub mod finish;
pub mod headers;
pub mod idempotency;
pub mod input;
pub mod limit;
pub mod origin;
pub mod session;
pub mod watch;
