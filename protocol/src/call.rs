//! Wire types of calls: the call, its participants, and the words for their states.

use crate::{
    ids::{CallId, ConversationId, DeviceId, UserId},
    macros::words,
    people::{Plan, UserSummary},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

words!(CallType { Audio = "audio", Video = "video" });
words!(CallMode { Direct = "direct", Group = "group" });
words!(
    /// The transport of a call's media: direct connections between devices, or a LiveKit server.
    Engine { P2p = "p2p", Livekit = "livekit" }
);

words!(
    /// The state of a call. The machine `parley_core::call` moves it.
    CallStatus {
        /// Created; no device of a callee has confirmed that it rings.
        Initiated = "initiated",
        Ringing = "ringing",
        /// Accepted; media not yet flowing both ways.
        Connecting = "connecting",
        Connected = "connected",
        /// A direct call that has lost its media; the grace period is running.
        Reconnecting = "reconnecting",
        Ended = "ended",
        Declined = "declined",
        Missed = "missed",
        Canceled = "canceled",
        Busy = "busy",
        Failed = "failed",
    }
);

impl CallStatus {
    /// Tells whether the call goes on: it is ringing, connecting or connected.
    pub const fn is_live(self) -> bool {
        matches!(
            self,
            Self::Initiated | Self::Ringing | Self::Connecting | Self::Connected | Self::Reconnecting
        )
    }

    /// Tells whether the call still waits for somebody to accept it.
    pub const fn is_unanswered(self) -> bool {
        matches!(self, Self::Initiated | Self::Ringing)
    }
}

words!(EndReason {
    Completed = "completed",
    Declined = "declined",
    NoAnswer = "no_answer",
    Canceled = "canceled",
    Busy = "busy",
    Failed = "failed",
    NetworkError = "network_error",
    HostEnded = "host_ended",
    EveryoneLeft = "everyone_left",
    Kicked = "kicked",
    MaxDuration = "max_duration",
    ServerRestart = "server_restart",
});

words!(Role { Host = "host", CoHost = "co_host", Participant = "participant", Viewer = "viewer" });

words!(ParticipantStatus {
    Invited = "invited",
    Ringing = "ringing",
    Connecting = "connecting",
    Connected = "connected",
    Reconnecting = "reconnecting",
    Left = "left",
    Declined = "declined",
    Missed = "missed",
    Busy = "busy",
    Kicked = "kicked",
});

impl ParticipantStatus {
    /// Tells whether the participant is in the call, with a device that has media or is about to have it.
    pub const fn is_in(self) -> bool {
        matches!(self, Self::Connecting | Self::Connected | Self::Reconnecting)
    }

    /// Tells whether the participant has been invited, has not answered, and can still answer.
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::Invited | Self::Ringing)
    }
}

words!(
    /// The state of a device's media path, as the device reports it.
    MediaState { Connected = "connected", Lost = "lost" }
);

/// A call as one of its participants sees it. Every message about a call carries the whole object; the one
/// with the highest `version` wins, whatever order they arrive in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Call {
    pub id: CallId,
    pub conversation_id: ConversationId,
    pub initiator_id: UserId,
    pub call_type: CallType,
    pub mode: CallMode,
    pub engine: Engine,
    pub status: CallStatus,
    pub version: u32,
    pub created_at: Timestamp,
    pub ring_deadline: Timestamp,
    pub accepted_at: Option<Timestamp>,
    pub connected_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub duration_seconds: Option<u32>,
    pub end_reason: Option<EndReason>,
    /// The time at which the call ends because it has reached its longest duration; absent until that is
    /// near.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// The longest duration that the initiator's plan allows; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<CallLimit>,
    pub participants: Vec<Participant>,
}

/// The longest duration of a call, and the plan that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallLimit {
    pub plan: Plan,
    /// Counted from `connected_at`.
    pub seconds: u32,
}

impl Call {
    /// Returns the time at which the call will have lasted as long as it may, once it is connected.
    pub fn limit_at(&self) -> Option<Timestamp> {
        let length = Duration::from_secs(self.limit?.seconds.into());
        Some(self.connected_at? + length)
    }

    pub fn participant(&self, user: UserId) -> Option<&Participant> {
        self.participants.iter().find(|p| p.user.id == user)
    }

    /// Lists all participants but this one.
    pub fn others(&self, me: UserId) -> impl Iterator<Item = &Participant> {
        self.participants.iter().filter(move |p| p.user.id != me)
    }

    /// Tells whether this person missed the call. A group call may have gone on without them.
    pub fn was_missed_by(&self, user: UserId) -> bool {
        match self.mode {
            CallMode::Direct => {
                let unanswered =
                    matches!(self.status, CallStatus::Missed | CallStatus::Canceled | CallStatus::Busy);
                unanswered && self.initiator_id != user
            }
            CallMode::Group => {
                let seat = self.participant(user).filter(|_| !self.status.is_live()).map(|p| p.status);
                matches!(seat, Some(ParticipantStatus::Missed | ParticipantStatus::Busy))
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Participant {
    pub user: UserSummary,
    pub role: Role,
    pub status: ParticipantStatus,
    /// The participant's device in the call, once one has joined.
    pub device_id: Option<DeviceId>,
    pub media: OwnMedia,
    /// The number of times that a host has muted this participant since they joined. Their device switches
    /// its microphone off once for each.
    #[serde(default)]
    pub mutes: u32,
}

/// The media that a participant sends, as their own device reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "four switches, each on its own")]
pub struct OwnMedia {
    pub muted: bool,
    pub video: bool,
    #[serde(default)]
    pub screen: bool,
    /// The raised hand: the participant asks to speak.
    #[serde(default)]
    pub hand: bool,
}

/// A change of the media that a participant sends. An absent field stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct MediaChange {
    pub muted: Option<bool>,
    pub video: Option<bool>,
    pub screen: Option<bool>,
    pub hand: Option<bool>,
}

impl MediaChange {
    /// Applies the change to `media`.
    pub fn of(self, media: OwnMedia) -> OwnMedia {
        OwnMedia {
            muted: self.muted.unwrap_or(media.muted),
            video: self.video.unwrap_or(media.video),
            screen: self.screen.unwrap_or(media.screen),
            hand: self.hand.unwrap_or(media.hand),
        }
    }
}

impl From<OwnMedia> for MediaChange {
    fn from(media: OwnMedia) -> Self {
        Self {
            muted: Some(media.muted),
            video: Some(media.video),
            screen: Some(media.screen),
            hand: Some(media.hand),
        }
    }
}

/// An entry of a call's event log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallLogEntry {
    pub at: Timestamp,
    pub user_id: Option<UserId>,
    pub event: String,
    /// The detail of the event: the id of the person who caused it, the reason, or the new role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
}
