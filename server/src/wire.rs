//! Stored rows in the words of the protocol: a call, and a conversation, as one of their people sees them.

pub mod call;
pub mod conversation;
