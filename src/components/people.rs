//! Components that find people, invite them, and show their presence.

pub mod field;
pub mod invite_link;
pub mod picker;
pub mod presence;
pub mod search;
