//! The socket at `/api/ws`: one closed enum per direction, JSON, tagged by `type`.
//!
//! Everything that changes a call's status goes through REST; the socket carries what must be quick
//! and may be lost.

use crate::{
    call::{Call, MediaState, OwnMedia, Participant},
    error::ErrorCode,
    ids::{CallId, ConversationId, DeviceId, UserId},
    macros::{tagged, words},
    people::{Conversation, Message, UserSummary},
    rest::IceConfig,
    signal::Signal,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum ClientMessage {
    /// First frame of every socket. A tab whose socket returns names the device that it was.
    #[serde(rename = "hello")]
    Hello {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device_id: Option<DeviceId>,
        /// How far it has heard: the `seq` of its welcome, and one more for every message since.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<u64>,
    },
    /// This device rings.
    #[serde(rename = "call.ring_ack")]
    RingAck { call_id: CallId },
    #[serde(rename = "call.signal")]
    Signal { call_id: CallId, to_user: UserId, to_device: DeviceId, signal: Signal },
    #[serde(rename = "call.media_state")]
    MediaState { call_id: CallId, state: MediaState },
    #[serde(rename = "participant.update")]
    ParticipantUpdate { call_id: CallId, media: OwnMedia },
    /// This person writes in the conversation; to be said every few seconds while it lasts.
    #[serde(rename = "typing")]
    Typing { conversation_id: ConversationId },
    #[serde(rename = "ping")]
    Ping,
}

words!(
    /// Derived from a person's sockets on all servers, their calls, and their own wish.
    Presence { Online = "online", InCall = "in_call", DoNotDisturb = "do_not_disturb", Offline = "offline" }
);

/// How it is with somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonPresence {
    pub user_id: UserId,
    pub presence: Presence,
}

words!(HandledHow {
    Accepted = "accepted",
    Declined = "declined",
    /// The caller was blocked; nobody else hears of it.
    Silenced = "silenced",
});

tagged! {
    pub enum ServerMessage by "type" {
        /// Answer to `hello`. Unless what was missed follows, the client loads its state (conversations, live
        /// calls) after it.
        #[serde(rename = "welcome")]
        Welcome { device_id: DeviceId, user_id: UserId, server_time: Timestamp, seq: u64, resumed: bool },
        #[serde(rename = "pong")]
        Pong {},
        /// A frame was refused and changed nothing.
        #[serde(rename = "error")]
        Error { code: ErrorCode, message: String },

        /// Ring this device, for so long.
        #[serde(rename = "call.incoming")]
        CallIncoming { call: Call, caller: UserSummary, ice: IceConfig, ring_ms: u32 },
        /// To the caller: this device of a callee rings.
        #[serde(rename = "call.ringing")]
        CallRinging { call: Call, user_id: UserId, device_id: DeviceId },
        #[serde(rename = "call.accepted")]
        CallAccepted { call: Call, user_id: UserId, device_id: DeviceId },
        /// To the other devices of a callee who has answered or declined.
        #[serde(rename = "call.handled_elsewhere")]
        CallHandledElsewhere { call: Call, how: HandledHow },
        #[serde(rename = "call.declined")]
        CallDeclined { call: Call },
        #[serde(rename = "call.busy")]
        CallBusy { call: Call },
        #[serde(rename = "call.canceled")]
        CallCanceled { call: Call },
        #[serde(rename = "call.timed_out")]
        CallTimedOut { call: Call },
        #[serde(rename = "call.ended")]
        CallEnded { call: Call },
        #[serde(rename = "call.failed")]
        CallFailed { call: Call },
        /// Any other change of a call's status.
        #[serde(rename = "call.state")]
        CallState { call: Call },
        #[serde(rename = "call.signal")]
        CallSignal { call_id: CallId, from_user: UserId, from_device: DeviceId, signal: Signal },
        /// One participant sends something else than before; `version` is the call's after this change.
        #[serde(rename = "participant.updated")]
        ParticipantUpdated { call_id: CallId, version: u32, participant: Participant },

        /// A conversation is new to this person, or it changed: status, name, people.
        #[serde(rename = "conversation.updated")]
        ConversationUpdated { conversation: Conversation },
        #[serde(rename = "message.created")]
        MessageCreated { message: Message },
        /// The person has read a conversation in another tab.
        #[serde(rename = "conversation.read")]
        ConversationRead { conversation_id: ConversationId },
        /// The conversation is not in the person's list any longer: they are out of the group, or have blocked the other one.
        #[serde(rename = "conversation.removed")]
        ConversationRemoved { conversation_id: ConversationId },
        /// The session was ended elsewhere; the socket closes after this.
        #[serde(rename = "session.revoked")]
        SessionRevoked {},
    }
}

tagged! {
    /// Further messages of the server, for clients that care.
    pub enum ServerNotice by "type" {
        /// The server is about to stop: calls go on, new sockets and calls belong elsewhere.
        #[serde(rename = "server.draining")]
        Draining {},
        /// After a welcome that was no resumption: those who share a conversation and are not offline.
        #[serde(rename = "presence.list")]
        PresenceList { people: Vec<PersonPresence> },
        #[serde(rename = "presence.updated")]
        PresenceUpdated { user_id: UserId, presence: Presence },
        /// Somebody writes; to be shown for some seconds.
        #[serde(rename = "conversation.typing")]
        Typing { conversation_id: ConversationId, user_id: UserId },
        /// The person has looked at their calls, in this tab or another one: none of them is missed any longer.
        #[serde(rename = "calls.seen")]
        CallsSeen {},
    }
}

impl ServerMessage {
    /// The call that the message carries, if it carries one.
    pub fn call(&self) -> Option<&Call> {
        match self {
            Self::CallIncoming { call, .. }
            | Self::CallRinging { call, .. }
            | Self::CallAccepted { call, .. }
            | Self::CallHandledElsewhere { call, .. }
            | Self::CallDeclined { call }
            | Self::CallBusy { call }
            | Self::CallCanceled { call }
            | Self::CallTimedOut { call }
            | Self::CallEnded { call }
            | Self::CallFailed { call }
            | Self::CallState { call } => Some(call),
            _ => None,
        }
    }
}
