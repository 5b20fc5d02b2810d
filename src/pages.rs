//! One file per place of the page.

pub mod conversation;
pub mod details;
pub mod home;
pub mod invite;
pub mod new_group;
pub mod settings;
pub mod sign_in;
pub mod signed_in;
#[cfg(debug_assertions)]
pub mod styleguide;
