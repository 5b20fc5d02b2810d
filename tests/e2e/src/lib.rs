//! The end-to-end harness: real browsers, a real server, and a network under the test's control.
//!
//! It starts and ends the parts ([`browser`], [`server`], [`front`], [`relay`]), acts as a person on the page
//! ([`user`], [`app`]) and reads the proof of media ([`stats`]). The scenarios are in `tests/scenarios`, the
//! benchmarks in `src/bin`.

#![allow(clippy::similar_names, reason = "caller and callee are the words of the trade")]

pub mod app;
pub mod artifacts;
pub mod axe;
pub mod browser;
pub mod clock;
pub mod footprint;
pub mod front;
pub mod places;
mod portrait;
pub mod process;
pub mod relay;
pub mod scenario;
pub mod server;
pub mod stats;
pub mod steps;
pub mod tour;
pub mod trace;
pub mod trunk;
pub mod user;
pub mod view;
pub mod wait;

pub use browser::{Kind, Media};
pub use scenario::{Pair, World, scenario};
pub use user::User;
pub use wait::eventually;
