//! The page's knowledge, behind whatever is shown: conversations, choices, news.

pub mod inbox;
pub mod settings;
pub mod toasts;
