//! Parley's page: a thin shell around `parley_core::phone`.

pub mod api;
pub mod app;
pub mod browser;
pub mod bundles;
pub mod call;
pub mod components;
pub mod lazy;
pub mod pages;
pub mod platform;
pub mod router;
pub mod state;
pub mod words;
