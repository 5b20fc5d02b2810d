//! Frames of the socket at `/api/ws`: JSON objects with the tag `type`, one enum for those of a client and
//! two for those of the server.
//!
//! Decisions such as starting or leaving a call go through REST. The socket carries events, and reports that
//! must be quick and may be lost or repeated.

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
    /// The first frame of every socket. A tab that reconnects names its device id.
    #[serde(rename = "hello")]
    Hello {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device_id: Option<DeviceId>,
        /// Position of the last message that the device received: the `seq` of its welcome, plus one for
        /// every counted message since.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<u64>,
    },
    /// This device is ringing.
    #[serde(rename = "call.ring_ack")]
    RingAck { call_id: CallId },
    #[serde(rename = "call.signal")]
    Signal { call_id: CallId, to_user: UserId, to_device: DeviceId, signal: Signal },
    #[serde(rename = "call.media_state")]
    MediaState { call_id: CallId, state: MediaState },
    #[serde(rename = "participant.update")]
    ParticipantUpdate { call_id: CallId, media: OwnMedia },
    /// This person is typing in the conversation; sent every few seconds while it lasts.
    #[serde(rename = "typing")]
    Typing { conversation_id: ConversationId },
    #[serde(rename = "ping")]
    Ping,
}

words!(
    /// The presence of a person, derived from their sockets on all servers, their calls, and their
    /// do-not-disturb setting.
    Presence { Online = "online", InCall = "in_call", DoNotDisturb = "do_not_disturb", Offline = "offline" }
);

/// The presence of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonPresence {
    pub user_id: UserId,
    pub presence: Presence,
}

words!(HandledHow {
    Accepted = "accepted",
    Declined = "declined",
    /// The callee has blocked the caller. Only the callee's own devices hear of it.
    Silenced = "silenced",
});

tagged! {
    pub enum ServerMessage by "type" {
        /// Answer to `hello`. With `resumed`, the missed messages follow; else the client loads its state
        /// (conversations, live calls) after it.
        #[serde(rename = "welcome")]
        Welcome { device_id: DeviceId, user_id: UserId, server_time: Timestamp, seq: u64, resumed: bool },
        #[serde(rename = "pong")]
        Pong {},
        /// Refusal of a frame, which changed nothing.
        #[serde(rename = "error")]
        Error { code: ErrorCode, message: String },

        /// Rings this device for `ring_ms`.
        #[serde(rename = "call.incoming")]
        CallIncoming { call: Call, caller: UserSummary, ice: IceConfig, ring_ms: u32 },
        /// News for the caller: a device of a callee rings.
        #[serde(rename = "call.ringing")]
        CallRinging { call: Call, user_id: UserId, device_id: DeviceId },
        #[serde(rename = "call.accepted")]
        CallAccepted { call: Call, user_id: UserId, device_id: DeviceId },
        /// News for the other devices of a callee who has answered or declined, or for all devices of one who
        /// blocks the caller.
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
        /// A participant's media changed. `version` is that of the call after this change.
        #[serde(rename = "participant.updated")]
        ParticipantUpdated { call_id: CallId, version: u32, participant: Participant },

        /// A conversation that is new to this person, or whose status, name, people or live call changed.
        #[serde(rename = "conversation.updated")]
        ConversationUpdated { conversation: Conversation },
        #[serde(rename = "message.created")]
        MessageCreated { message: Message },
        /// News for the other tabs of a person who has read a conversation.
        #[serde(rename = "conversation.read")]
        ConversationRead { conversation_id: ConversationId },
        /// The conversation leaves the person's list: they are out of the group, or have blocked the other
        /// person.
        #[serde(rename = "conversation.removed")]
        ConversationRemoved { conversation_id: ConversationId },
        /// The session has been ended or has expired; the socket closes after this.
        #[serde(rename = "session.revoked")]
        SessionRevoked {},
    }
}

tagged! {
    /// Further messages of the server, which a client can do without.
    pub enum ServerNotice by "type" {
        /// The server is about to stop. Calls go on; new sockets and calls should go to another server.
        #[serde(rename = "server.draining")]
        Draining {},
        /// The presence of everyone who shares a conversation and is not offline; sent after a `welcome` that
        /// is not `resumed`.
        #[serde(rename = "presence.list")]
        PresenceList { people: Vec<PersonPresence> },
        #[serde(rename = "presence.updated")]
        PresenceUpdated { user_id: UserId, presence: Presence },
        /// Somebody is typing; shown for some seconds.
        #[serde(rename = "conversation.typing")]
        Typing { conversation_id: ConversationId, user_id: UserId },
        /// The person has looked at their calls, in this tab or another one, so none of them counts as
        /// missed.
        #[serde(rename = "calls.seen")]
        CallsSeen {},
    }
}

impl ServerMessage {
    /// Returns the call that the message carries, if it carries a whole one.
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
