//! `/api`

mod auth;
mod blocks;
mod calls;
mod config;
mod conversations;
mod docs;
mod foreign_ids;
mod groups;
mod input;
mod invites;
mod me;
mod openapi;
mod origin;
mod pictures;
mod users;
