//! Helpers for the tests: a server, people, their devices, and the services that a server needs.

pub mod app;
pub mod contract;
mod database;
pub mod issuer;
mod link;
mod person;
mod postgres;
mod programs;
pub mod redis;
mod reply;
mod socket;

pub use app::TestApp;
pub use database::Database;
pub(crate) use database::on_both;
pub use link::{Link, State};
pub use person::Person;
pub use reply::Reply;
pub use socket::{Device, connect, eventually, tag};
