//! The page's knowledge apart from calls: session, conversations and messages, settings of this browser,
//! toasts.
//!
//! It is the same whatever page is shown. Components read it through signals and change it through its
//! methods, which ask the server where it is the server's affair.

pub mod features;
pub mod inbox;
pub mod language;
pub mod news;
pub mod session;
pub mod settings;
pub mod toasts;
