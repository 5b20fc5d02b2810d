//! People, conversations and messages as they travel.

use crate::{
    call::Call,
    ids::{ConversationId, MessageId, SessionId, UserId},
    macros::{tagged, words},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// What others may know of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserSummary {
    pub id: UserId,
    pub display_name: String,
}

/// What a person knows of themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    pub id: UserId,
    pub display_name: String,
    pub session_id: SessionId,
    pub created_at: Timestamp,
}

words!(ConversationKind { Direct = "direct", Group = "group" });

words!(
    /// How a conversation stands for the person who asks.
    ConversationStatus {
        /// The other person has not answered the invitation.
        Pending = "pending",
        Accepted = "accepted",
        Declined = "declined",
    }
);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversation {
    pub id: ConversationId,
    pub kind: ConversationKind,
    pub status: ConversationStatus,
    /// Who started it; in a pending conversation only the other person can accept.
    pub started_by: UserId,
    /// Everyone in it, the asking person included.
    pub members: Vec<UserSummary>,
    pub last_message: Option<Message>,
    pub unread: u32,
    /// The live call in it, if there is one.
    pub live_call: Option<Call>,
    /// Time of the newest thing in it; lists are ordered by it, newest first.
    pub updated_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub sender_id: UserId,
    pub content: MessageContent,
    pub created_at: Timestamp,
}

tagged! {
    /// A line in a conversation: something that a person wrote, or what became of a call.
    pub enum MessageContent by "kind" {
        #[serde(rename = "text")]
        Text { text: String },
        /// Written by the server when a call has ended; `sender_id` is who started the call.
        #[serde(rename = "call")]
        Call {
            call_id: crate::CallId,
            call_type: crate::call::CallType,
            status: crate::call::CallStatus,
            duration_seconds: Option<u32>,
        },
    }
}
