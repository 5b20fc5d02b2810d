//! `/api/ws`

mod draining;
mod frames;
mod hello;
mod lifetime;
mod resume;
mod signal;
