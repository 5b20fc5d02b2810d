//! `/api`

mod auth;
mod calls;
mod config;
mod conversations;
mod docs;
mod foreign_ids;
mod input;
mod invites;
mod me;
mod openapi;
mod origin;
mod users;
