//! Wire types of people, conversations and messages.

use crate::{
    call::Call,
    ids::{ConversationId, MessageId, PictureId, SessionId, UserId},
    macros::{tagged, words},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// The public data of a person, which others may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserSummary {
    pub id: UserId,
    pub display_name: String,
    /// The picture, served at `/api/pictures/{id}`. The page shows initials for a person without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
}

impl UserSummary {
    /// Returns the summary of a person without a picture.
    pub fn named(id: UserId, display_name: impl Into<String>) -> Self {
        Self { id, display_name: display_name.into(), picture: None }
    }
}

/// The signed-in person, as they see themselves.
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
    /// The origin of a person's account.
    Account {
        /// A guest, who came with a name alone. Nobody can sign in as the same person again.
        Guest = "guest",
        /// An account at the configured OpenID Connect issuer.
        Oidc = "oidc",
    }
);

words!(Plan { Free = "free", Pro = "pro", Enterprise = "enterprise" });

/// The signed-in person with their settings: the fields of [`Me`] and more.
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
    /// Whether incoming calls do not ring; they are in the history only.
    pub do_not_disturb: bool,
    /// Whether all media goes through a relay, so that nobody else learns this person's network addresses.
    pub always_relay: bool,
    /// Whether a second call may ring while the person is in a call.
    pub call_waiting: bool,
    /// The plan, which the operator assigns.
    pub plan: Plan,
}

words!(ConversationKind { Direct = "direct", Group = "group" });

words!(
    /// The state of a conversation for the person who asks.
    ConversationStatus {
        /// The invitation has not been answered.
        Pending = "pending",
        Accepted = "accepted",
        Declined = "declined",
    }
);

words!(
    /// The role of a member of a group.
    MemberRole {
        /// The one owner, who may do everything and assigns the roles.
        Owner = "owner",
        /// An admin, who renames the group, invites, makes links and removes plain members.
        Admin = "admin",
        Member = "member",
    }
);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversation {
    pub id: ConversationId,
    pub kind: ConversationKind,
    /// The name of a group; absent in a direct conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub status: ConversationStatus,
    /// The person who started it, or who invited the asking person to the group. In a pending conversation
    /// only the other person can accept.
    pub started_by: UserId,
    /// Everyone in the conversation, including the asking person.
    pub members: Vec<UserSummary>,
    /// The owner and the admins of a group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Ranked>,
    /// The people who have been invited to the group and have not answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invited: Vec<UserSummary>,
    pub last_message: Option<Message>,
    pub unread: u32,
    /// The live call of the conversation, if there is one.
    pub live_call: Option<Call>,
    /// Time of the last change. Lists are ordered by it, newest first.
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
    /// The content of a message: text that a person wrote, or the outcome of a call.
    pub enum MessageContent by "kind" {
        #[serde(rename = "text")]
        Text { text: String },
        /// The outcome of a call, written by the server when it has ended. `sender_id` is the person who
        /// started it.
        #[serde(rename = "call")]
        Call {
            call_id: crate::CallId,
            call_type: crate::call::CallType,
            status: crate::call::CallStatus,
            duration_seconds: Option<u32>,
        },
    }
}
