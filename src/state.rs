//! The page's knowledge, behind whatever is shown: who is signed in, conversations, choices, news.

pub mod features;
pub mod inbox;
pub mod language;
pub mod news;
pub mod session;
pub mod settings;
pub mod toasts;
