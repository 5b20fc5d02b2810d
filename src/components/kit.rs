//! Building blocks of the page that are not specific to calls or conversations.

pub mod ask;
pub mod avatar;
pub mod back_link;
pub mod brand;
pub mod choice;
pub mod each;
pub mod icon;
pub mod name_field;
pub mod not_found;
pub mod offline;
pub mod part_missing;
pub mod plot;
pub mod sign_in_form;
pub mod switch;
pub mod toasts;
