//! Calls as they travel.

use crate::{
    ids::{CallId, ConversationId, DeviceId, UserId},
    macros::words,
    people::UserSummary,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

words!(CallType { Audio = "audio", Video = "video" });
words!(CallMode { Direct = "direct", Group = "group" });
words!(
    /// What carries the media.
    Engine { P2p = "p2p", Livekit = "livekit" }
);

words!(
    /// Where a call stands. The machine that moves it is `parley_core::call`.
    CallStatus {
        /// Created; no device of a callee has confirmed that it rings.
        Initiated = "initiated",
        Ringing = "ringing",
        /// Accepted; media not yet flowing both ways.
        Connecting = "connecting",
        Connected = "connected",
        /// A direct call lost its media, inside the grace.
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
    pub const fn is_live(self) -> bool {
        matches!(
            self,
            Self::Initiated | Self::Ringing | Self::Connecting | Self::Connected | Self::Reconnecting
        )
    }

    /// Nobody has accepted yet.
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
    /// In the call, with a device that holds media or is about to.
    pub const fn is_in(self) -> bool {
        matches!(self, Self::Connecting | Self::Connected | Self::Reconnecting)
    }

    /// Asked to come, and has neither answered nor been given up on.
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::Invited | Self::Ringing)
    }
}

words!(
    /// What a device says of its media path in a call.
    MediaState { Connected = "connected", Lost = "lost" }
);

/// A call as one of its people sees it. Every event about a call carries the whole of it; the one with
/// the highest `version` is the truth, whatever order they arrive in.
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
    /// When the call has lasted as long as it may; absent until that is near.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    pub participants: Vec<Participant>,
}

impl Call {
    pub fn participant(&self, user: UserId) -> Option<&Participant> {
        self.participants.iter().find(|p| p.user.id == user)
    }

    pub fn others(&self, me: UserId) -> impl Iterator<Item = &Participant> {
        self.participants.iter().filter(move |p| p.user.id != me)
    }

    /// Somebody called this person in vain. A group may have talked without them.
    pub fn was_missed_by(&self, user: UserId) -> bool {
        match self.mode {
            CallMode::Direct => {
                let in_vain =
                    matches!(self.status, CallStatus::Missed | CallStatus::Canceled | CallStatus::Busy);
                in_vain && self.initiator_id != user
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
    /// The device that is in the call, once there is one.
    pub device_id: Option<DeviceId>,
    pub media: OwnMedia,
    /// How often somebody else has muted this person since they came: a device obeys each time once.
    #[serde(default)]
    pub mutes: u32,
}

/// What a participant sends, as they say it themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "four switches, each on its own")]
pub struct OwnMedia {
    pub muted: bool,
    pub video: bool,
    #[serde(default)]
    pub screen: bool,
    /// Would like to say something.
    #[serde(default)]
    pub hand: bool,
}

/// What is to be different in what a participant sends; the rest stays.
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

/// One line of a call's event log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallLogEntry {
    pub at: Timestamp,
    pub user_id: Option<UserId>,
    pub event: String,
    /// By whom, why, or as what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
}
