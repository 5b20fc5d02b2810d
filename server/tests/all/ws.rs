//! `/api/ws`

mod draining;
mod frames;
mod hello;
mod lifetime;
mod presence;
mod resume;
mod signal;
mod slow;
