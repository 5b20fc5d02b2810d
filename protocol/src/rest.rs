//! Bodies of the REST calls.

use crate::{
    call::{Call, CallType, MediaChange, OwnMedia, Role},
    ids::{ConversationId, DeviceId, LinkId, SessionId, UserId},
    macros::words,
    people::{Conversation, Me, MemberRole, Message, UserSummary},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// `POST /api/auth/guest`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GuestSignIn {
    pub display_name: String,
}

/// `POST /api/auth/oidc`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OidcSignIn {
    /// Of the configured issuer, for the configured client.
    pub id_token: String,
    /// What the client made up for this sign-in, if it did; the token must have it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
}

/// Answer to every sign-in. The session cookie is set as well; `token` is for clients without cookies.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    pub me: Me,
    pub token: String,
}

/// `GET /api/auth/sessions`
pub type Sessions = Page<SessionInfo>;

/// Somewhere one is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionInfo {
    pub id: SessionId,
    /// What the client calls itself, its first 200 characters.
    pub client: String,
    pub created_at: Timestamp,
    /// To the day.
    pub used_at: Timestamp,
    pub expires_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// `GET /api/config`: what the page needs first, signed in or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientConfig {
    /// Who asks, if they are signed in.
    pub me: Option<Me>,
    /// `guest`, `oidc`
    pub auth: Vec<String>,
    /// What people know the issuer by, where the page offers to sign in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oidc: Option<String>,
    pub calls_enabled: bool,
    pub ring_seconds: u32,
    pub mesh_max: u32,
    /// Whether devices connect while it rings.
    pub preconnect: bool,
}

/// `PATCH /api/me`: what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateMe {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub do_not_disturb: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub always_relay: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_waiting: Option<bool>,
}

/// Every list: one page, and the cursor of the next if there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

pub type Users = Page<UserSummary>;
pub type Conversations = Page<Conversation>;
/// Newest first.
pub type Messages = Page<Message>;
pub type Calls = Page<Call>;

/// `GET /api/calls/missed`: how many calls came to nothing since the person last looked at their calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MissedCalls {
    pub count: u32,
}

/// `POST /api/conversations`: with `user_id` a direct conversation, and the existing one is returned if there is one;
/// with `name` and `member_ids` a group, to which these people are invited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewConversation {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub member_ids: Vec<UserId>,
}

impl NewConversation {
    pub fn direct(with: UserId) -> Self {
        Self { user_id: Some(with), ..Self::default() }
    }

    pub fn group(name: &str, member_ids: Vec<UserId>) -> Self {
        Self { user_id: None, name: Some(name.to_owned()), member_ids }
    }
}

/// `PATCH /api/conversations/{id}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateConversation {
    pub name: String,
}

/// `POST /api/conversations/{id}/members`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddMembers {
    pub user_ids: Vec<UserId>,
}

/// `PATCH /api/conversations/{id}/members/{user}`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateMember {
    pub role: MemberRole,
}

/// `POST /api/conversations/{id}/invite-links`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewGroupLink {
    /// 1 to `LINK_MAX_HOURS`; as long as a personal link unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in_hours: Option<u32>,
    /// 1 to `LINK_MAX_USES`; any number unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_uses: Option<u32>,
}

/// A link into a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupLink {
    pub id: LinkId,
    pub made_by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub max_uses: Option<u32>,
    pub uses: u32,
    /// In the answer that makes it, and never again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// `GET /api/conversations/{id}/invite-links`
pub type GroupLinks = Page<GroupLink>;

/// `POST /api/conversations/{id}/messages`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMessage {
    pub text: String,
}

/// `POST /api/me/invite-link`: a personal link; whoever opens it gets an accepted direct conversation
/// with its maker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InviteLink {
    pub token: String,
    pub expires_at: Timestamp,
}

/// `GET /api/invites/{token}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invite {
    pub from: UserSummary,
    /// The group's name, when the link leads into one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// `POST /api/calls/start`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartCall {
    pub conversation_id: ConversationId,
    pub call_type: CallType,
    pub device_id: DeviceId,
    #[serde(default)]
    pub media: OwnMedia,
    /// Whom to ring in a group; all of its members unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<Vec<UserId>>,
}

/// What lets a device into a call, by the engine that carries it. In a mesh there is nothing to be let into.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnginePass {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    pub expires_at: Timestamp,
}

/// `POST /api/calls/{id}/token`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallToken {
    pub pass: EnginePass,
    pub ice: IceConfig,
}

/// `PATCH /api/calls/{id}/participant`: what is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateParticipant {
    pub device_id: DeviceId,
    pub media: MediaChange,
}

/// `POST /api/calls/{id}/participants/{user}/role`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetCallRole {
    pub role: Role,
}

/// `POST /api/calls/{id}/invite`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InviteToCall {
    pub user_ids: Vec<UserId>,
}

words!(
    /// What becomes of the call that somebody is in when they answer another.
    OtherCall {
        Leave = "leave",
        /// Both go on; only who allows call waiting can.
        Hold = "hold",
    }
);

/// Answer to `start`, `accept` and `join`: the call and what is needed to connect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallAccess {
    pub call: Call,
    pub pass: EnginePass,
    pub ice: IceConfig,
}

/// `POST /api/calls/{id}/accept`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AcceptCall {
    pub device_id: DeviceId,
    #[serde(default)]
    pub media: OwnMedia,
    /// Without a word about it, who is in another call is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<OtherCall>,
}

/// `POST /api/calls/{id}/decline`, `/cancel`, `/leave`, `/end`: the device that does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ByDevice {
    pub device_id: DeviceId,
}

/// `GET /api/ice-servers`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IceConfig {
    pub servers: Vec<IceServer>,
    pub relay_only: bool,
    /// Whether to connect while it rings.
    pub preconnect: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IceServer {
    pub urls: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

/// `GET /api/calls/active`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActiveCalls {
    pub calls: Vec<Call>,
}

/// `GET /api/calls/{id}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallDetails {
    pub call: Call,
    pub events: Vec<crate::call::CallLogEntry>,
}

words!(Health { Ok = "ok", Away = "away" });

/// `GET /ready`: 200 when everything that a request needs is there, else 503.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Readiness {
    pub database: Health,
    /// The way to other servers; a single server always has it.
    pub fan_out: Health,
    pub media_engine: Health,
    /// The server stops: go to another one.
    pub draining: bool,
}
