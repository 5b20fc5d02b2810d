//! Parley's page: a thin shell around `parley_core::phone`.

pub mod api;
pub mod app;
pub mod browser;
pub mod call;
pub mod clients;
pub mod components;
pub mod host;
pub mod inbox;
pub mod pages;
pub mod part;
pub mod parts;
pub mod place;
pub mod preview;
pub mod settings;
pub mod toasts;
pub mod words;
