//! Parley's page: a thin shell around `parley_core::phone`.

pub mod api;
pub mod app;
pub mod browser;
pub mod call;
pub mod components;
pub mod pages;
pub mod part;
pub mod parts;
pub mod place;
pub mod platform;
pub mod state;
pub mod words;
