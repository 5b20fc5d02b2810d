//! Bodies of REST requests and answers, each named with its route.

use crate::{
    call::{Call, CallType, MediaChange, OwnMedia, Role},
    ids::{ConversationId, DeviceId, LinkId, SessionId, UserId},
    macros::words,
    people::{Conversation, Me, MemberRole, Message, UserSummary},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Body of `POST /api/auth/guest`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GuestSignIn {
    pub display_name: String,
}

/// Body of `POST /api/auth/oidc`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OidcSignIn {
    /// The ID token of the configured issuer, made for the configured client id.
    pub id_token: String,
    /// The nonce that the client chose for this sign-in, if any. The token must then contain it.
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

/// Answer to `GET /api/auth/sessions`.
pub type Sessions = Page<SessionInfo>;

/// A session of the asking person: one browser or client that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionInfo {
    pub id: SessionId,
    /// Name that the client gives itself (`User-Agent`), its first 200 characters.
    pub client: String,
    pub created_at: Timestamp,
    /// Time of the last use, accurate to about a day.
    pub used_at: Timestamp,
    pub expires_at: Timestamp,
    /// Whether it is the session that asks.
    pub current: bool,
}

/// Answer to `GET /api/config`: everything that the page needs first, signed in or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientConfig {
    /// The asking person, if they are signed in.
    pub me: Option<Me>,
    /// Available ways to sign in: `guest`, `oidc`.
    pub auth: Vec<String>,
    /// Display name of the issuer, if the page can offer to sign in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oidc: Option<String>,
    pub calls_enabled: bool,
    pub ring_seconds: u32,
    pub mesh_max: u32,
    /// Whether devices connect to each other while the call still rings.
    pub preconnect: bool,
}

/// Body of `PATCH /api/me`. An absent field stays as it is.
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

/// One page of a list, and the cursor of the next one if there is more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

pub type Users = Page<UserSummary>;
pub type Conversations = Page<Conversation>;
/// Messages of a conversation, newest first.
pub type Messages = Page<Message>;
pub type Calls = Page<Call>;

/// Answer to `GET /api/calls/missed`: the number of missed calls since the person last looked at their calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MissedCalls {
    pub count: u32,
}

/// Body of `POST /api/conversations`. With `user_id` it asks for the direct conversation with that person,
/// which is made unless it exists; with `name` and `member_ids` for a group, to which these people are
/// invited.
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

/// Body of `PATCH /api/conversations/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateConversation {
    pub name: String,
}

/// Body of `POST /api/conversations/{id}/members`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddMembers {
    pub user_ids: Vec<UserId>,
}

/// Body of `PATCH /api/conversations/{id}/members/{user}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateMember {
    pub role: MemberRole,
}

/// Body of `POST /api/conversations/{id}/invite-links`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewGroupLink {
    /// Life of the link, 1 to `LINK_MAX_HOURS`; that of a personal link if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in_hours: Option<u32>,
    /// Number of people whom the link lets in, 1 to `LINK_MAX_USES`; unlimited if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_uses: Option<u32>,
}

/// An invite link into a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupLink {
    pub id: LinkId,
    pub made_by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub max_uses: Option<u32>,
    pub uses: u32,
    /// The secret of the link; only in the answer to the request that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// Answer to `GET /api/conversations/{id}/invite-links`.
pub type GroupLinks = Page<GroupLink>;

/// Body of `POST /api/conversations/{id}/messages`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMessage {
    pub text: String,
}

/// Answer to `POST /api/me/invite-link`: a personal link. A person who follows it gets an accepted direct
/// conversation with its maker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InviteLink {
    pub token: String,
    pub expires_at: Timestamp,
}

/// Answer to `GET /api/invites/{token}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invite {
    pub from: UserSummary,
    /// The group's name, if the link leads into a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// Body of `POST /api/calls/start`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartCall {
    pub conversation_id: ConversationId,
    pub call_type: CallType,
    pub device_id: DeviceId,
    #[serde(default)]
    pub media: OwnMedia,
    /// The members of a group to ring; all of them if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<Vec<UserId>>,
}

/// The credentials for a call's media engine. A peer-to-peer call needs none, so `url` and `token` are
/// absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnginePass {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    pub expires_at: Timestamp,
}

/// Answer to `POST /api/calls/{id}/token`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallToken {
    pub pass: EnginePass,
    pub ice: IceConfig,
}

/// Body of `PATCH /api/calls/{id}/participant`. An absent field of `media` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateParticipant {
    pub device_id: DeviceId,
    pub media: MediaChange,
}

/// Body of `POST /api/calls/{id}/participants/{user}/role`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetCallRole {
    pub role: Role,
}

/// Body of `POST /api/calls/{id}/invite`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InviteToCall {
    pub user_ids: Vec<UserId>,
}

words!(
    /// The fate of a person's present call when they answer another one.
    OtherCall {
        Leave = "leave",
        /// Both calls go on; only for a person who allows call waiting.
        Hold = "hold",
    }
);

/// Answer to `start`, `accept` and `join`: the call, and everything that is needed to connect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallAccess {
    pub call: Call,
    pub pass: EnginePass,
    pub ice: IceConfig,
}

/// Body of `POST /api/calls/{id}/accept`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AcceptCall {
    pub device_id: DeviceId,
    #[serde(default)]
    pub media: OwnMedia,
    /// The fate of the person's other call. If absent, a person who is in another call is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<OtherCall>,
}

/// Body of `POST /api/calls/{id}/decline`, `/cancel`, `/leave`, `/end` and `/token`: the acting device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ByDevice {
    pub device_id: DeviceId,
}

/// Answer to `GET /api/ice-servers`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IceConfig {
    pub servers: Vec<IceServer>,
    pub relay_only: bool,
    /// Whether to connect while the call still rings.
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

/// Answer to `GET /api/calls/active`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActiveCalls {
    pub calls: Vec<Call>,
}

/// Answer to `GET /api/calls/{id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallDetails {
    pub call: Call,
    pub events: Vec<crate::call::CallLogEntry>,
    /// Quality of the call, as the asking person's own devices measured it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<crate::quality::CallQuality>,
}

words!(Health { Ok = "ok", Away = "away" });

/// Answer to `GET /ready`: 200 when everything that a request needs is reachable, else 503.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Readiness {
    pub database: Health,
    /// The connection to other servers; always `ok` on a single server.
    pub fan_out: Health,
    pub media_engine: Health,
    /// Whether new connections can be accepted; `away` when the process is out of file descriptors.
    pub connections: Health,
    /// Whether the server is about to stop, so that clients should use another one.
    pub draining: bool,
}
