//! `/api/auth`

pub mod guest;
pub mod logout;
