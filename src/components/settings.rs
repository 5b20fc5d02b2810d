//! Components of the settings that are more than a row.

pub mod picture_choice;
pub mod sign_out;
