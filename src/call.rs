//! Calls in the page. The driver is the one event loop around `parley_core::phone`; the views are its
//! projections for components, and the handle is what components call.

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
