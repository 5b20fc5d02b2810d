//! People, conversations and messages as they travel.

use crate::{
    call::Call,
    ids::{ConversationId, MessageId, PictureId, SessionId, UserId},
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
    /// Found at `/api/pictures/{id}`; without one, their initials stand for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
}

impl UserSummary {
    /// Somebody without a picture.
    pub fn named(id: UserId, display_name: impl Into<String>) -> Self {
        Self { id, display_name: display_name.into(), picture: None }
    }
}

/// What a person knows of themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    pub id: UserId,
    pub display_name: String,
    pub session_id: SessionId,
    pub created_at: Timestamp,
    pub account: Account,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
}

words!(
    /// Where somebody has their account.
    Account {
        /// Nowhere: they came by a name alone, and nobody can sign in as them again.
        Guest = "guest",
        /// At the issuer.
        Oidc = "oidc",
    }
);

words!(Plan { Free = "free", Pro = "pro", Enterprise = "enterprise" });

/// What a person knows of themselves, with what they have chosen: [`Me`] and more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Profile {
    pub id: UserId,
    pub display_name: String,
    pub session_id: SessionId,
    pub created_at: Timestamp,
    pub account: Account,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
    /// Nothing rings.
    pub do_not_disturb: bool,
    /// Media never shows the own addresses to anybody.
    pub always_relay: bool,
    /// Who is in a call is rung over it.
    pub call_waiting: bool,
    /// Given by the operator.
    pub plan: Plan,
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

words!(
    /// What somebody may do in a group.
    MemberRole {
        /// One of them: may do everything, and gives out the roles.
        Owner = "owner",
        /// Renames, invites and removes.
        Admin = "admin",
        Member = "member",
    }
);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversation {
    pub id: ConversationId,
    pub kind: ConversationKind,
    /// A group has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub status: ConversationStatus,
    /// Who started it, or invited the asking person to the group; in a pending conversation only the other
    /// person can accept.
    pub started_by: UserId,
    /// Everyone in it, the asking person included.
    pub members: Vec<UserSummary>,
    /// Those of the members who are more than that, in a group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Ranked>,
    /// Who has been invited to the group and has not answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invited: Vec<UserSummary>,
    pub last_message: Option<Message>,
    pub unread: u32,
    /// The live call in it, if there is one.
    pub live_call: Option<Call>,
    /// Time of the newest thing in it; lists are ordered by it, newest first.
    pub updated_at: Timestamp,
}

/// The owner, or an admin, of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ranked {
    pub user_id: UserId,
    pub role: MemberRole,
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
