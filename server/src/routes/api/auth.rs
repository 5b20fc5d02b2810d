//! The routes below `/api/auth`.

pub mod guest;
pub mod logout;
pub mod oidc;
pub mod sessions;
