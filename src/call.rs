//! Calls in the browser: the one event loop, what it shows, and what may be asked of it.

mod alerts;
mod announcing;
pub mod aside;
mod beside;
pub mod driver;
pub mod handle;
pub mod lines;
mod quality;
mod reactions;
mod requests;
mod ring_notice;
mod sharing;
mod signaling;
mod talking;
pub mod tiles;
pub mod view;
