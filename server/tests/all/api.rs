//! `/api`

mod auth;
mod calls;
mod config;
mod conversations;
mod foreign_ids;
mod input;
mod invites;
mod me;
mod origin;
mod users;
