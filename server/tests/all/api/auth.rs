//! `/api/auth`

mod guest;
mod logout;
mod oidc;
mod sessions;
