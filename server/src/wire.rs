//! Conversions from stored rows to the types of the protocol: calls and conversations, as one of their people
//! sees them.

pub mod call;
pub mod conversation;
