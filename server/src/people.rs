//! People: their accounts, whom they block, who sees that they are online, and their pictures.

pub mod accounts;
pub mod blocks;
pub mod pictures;
pub mod presence;
