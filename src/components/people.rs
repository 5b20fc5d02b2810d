//! Components that find people, invite them, and show how it is with them.

pub mod field;
pub mod invite_link;
pub mod picker;
pub mod presence;
pub mod search;
