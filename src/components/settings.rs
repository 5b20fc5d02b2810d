//! Components of the settings that are larger than a single row.

pub mod picture_choice;
pub mod sign_out;
