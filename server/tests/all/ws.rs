//! `/api/ws`

mod frames;
mod hello;
mod lifetime;
mod signal;
