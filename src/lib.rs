//! Parley's page: a thin shell around `parley_core::phone`.

pub mod api;
pub mod browser;
pub mod call;
