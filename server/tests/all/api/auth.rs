//! `/api/auth`

mod guest;
mod logout;
