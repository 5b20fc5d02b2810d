//! One component per file; its stylesheet has the same stem. None of them knows the browser.

pub mod avatar;
pub mod brand;
pub mod call_controls;
pub mod call_over;
pub mod call_room;
pub mod call_screen;
pub mod call_stage;
pub mod call_timer;
pub mod composer;
pub mod conversation_header;
pub mod conversation_list;
pub mod icon;
pub mod incoming_call;
pub mod invitation;
pub mod invite_link;
pub mod linked_text;
pub mod media_notice;
pub mod message_line;
pub mod message_list;
pub mod offline;
pub mod outgoing_call;
pub mod own_picture;
pub mod people_search;
pub mod sidebar;
pub mod sign_in_form;
pub mod toasts;
