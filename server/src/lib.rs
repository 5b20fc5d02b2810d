//! Parley's companion: it rings people, relays signaling, keeps the record and serves the page.
//!
//! The core decides, `storage` keeps, `bus` and `ws` tell; `routes` and `ws` are where the world comes in.
//! A library besides the binary so that tests can drive the real router in their own process.

pub mod access;
pub mod app;
pub mod assets;
pub mod calls;
pub mod clock;
pub mod cluster;
pub mod config;
pub mod conversations;
pub mod error;
pub mod http;
pub mod jobs;
pub mod log;
pub mod media;
pub mod metrics;
pub mod oidc;
pub mod openapi;
pub mod people;
pub mod routes;
pub mod secret;
pub mod serve;
pub mod start;
pub mod storage;
pub mod wire;
pub mod ws;
