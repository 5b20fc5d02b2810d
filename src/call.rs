//! Calls in the browser: the one event loop, what it shows, and what may be asked of it.

mod alerts;
pub mod driver;
pub mod extras;
pub mod handle;
pub mod lines;
mod requests;
mod ring_notice;
mod signaling;
pub mod tiles;
pub mod view;
