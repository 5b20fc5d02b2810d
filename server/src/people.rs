//! People: their accounts, blocks, presence and pictures.

pub mod accounts;
pub mod blocks;
pub mod pictures;
pub mod plans;
pub mod presence;
