//! The end-to-end harness: real browsers, a real server, and a network that does as it is told.
//!
//! It knows how to start and end the parts ([`browser`], [`server`], [`front`], [`relay`]), how a person
//! uses the page ([`user`], [`app`]) and what counts as proof ([`stats`]). What is proved is in
//! `tests/scenarios`; what is measured is in `src/bin`.

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
