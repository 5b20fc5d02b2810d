//! One device's side of calls.

mod event;
mod view;

pub use event::*;
pub use view::*;
