//! What tests are written with.

mod app;
mod database;
mod person;
mod postgres;
mod reply;
mod socket;

pub use app::TestApp;
pub use database::Database;
pub(crate) use database::on_both;
pub use person::Person;
pub use reply::Reply;
pub use socket::{Device, connect, eventually, tag};
