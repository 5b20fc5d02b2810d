//! Components of conversations: the list of them, and the header, lines and composer of an open one.

pub mod composer;
pub mod header;
pub mod invitation;
pub mod known;
pub mod linked_text;
pub mod list;
pub mod message_line;
pub mod message_list;
pub mod notice_offer;
pub mod sidebar;
pub mod status;
