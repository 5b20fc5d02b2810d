//! What goes into the machine of a call, and what comes out.

use parley_protocol::{
    CallId, ConversationId, DeviceId, UserId,
    call::{CallMode, CallType, EndReason, MediaState, OwnMedia},
};

/// A wish to start a call, checked by the server against membership, blocks and limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    pub id: CallId,
    pub conversation_id: ConversationId,
    pub call_type: CallType,
    pub mode: CallMode,
    pub user: UserId,
    pub device: DeviceId,
    pub media: OwnMedia,
    pub callees: Vec<Callee>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Callee {
    pub user: UserId,
    /// In another live call.
    pub busy: bool,
}

/// Something that one device of one person did, or time. The shell has made sure that the person is
/// who they say they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    RingAck {
        user: UserId,
        device: DeviceId,
    },
    Accept {
        user: UserId,
        device: DeviceId,
        media: OwnMedia,
    },
    Decline {
        user: UserId,
        device: DeviceId,
    },
    /// The caller does not want to wait any longer.
    Cancel {
        user: UserId,
        device: DeviceId,
    },
    /// A device leaves: by its button, or because its tab closes.
    Leave {
        user: UserId,
        device: DeviceId,
    },
    /// Ends the call for everyone.
    End {
        user: UserId,
    },
    Media {
        user: UserId,
        device: DeviceId,
        state: MediaState,
    },
    Update {
        user: UserId,
        device: DeviceId,
        media: OwnMedia,
    },
    SocketGone {
        user: UserId,
        device: DeviceId,
    },
    SocketBack {
        user: UserId,
        device: DeviceId,
    },
    /// A deadline may have passed.
    Tick,
}

/// A fact: one line of the event log, and the reason for a message to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Started,
    Ringing {
        user: UserId,
        device: DeviceId,
    },
    Accepted {
        user: UserId,
        device: DeviceId,
    },
    Declined {
        user: UserId,
        device: DeviceId,
    },
    /// Was in another call, and was not rung.
    Busy {
        user: UserId,
    },
    /// Did not answer in time.
    Missed {
        user: UserId,
    },
    MediaConnected {
        user: UserId,
    },
    MediaLost {
        user: UserId,
    },
    SocketGone {
        user: UserId,
    },
    SocketBack {
        user: UserId,
    },
    Updated {
        user: UserId,
    },
    Left {
        user: UserId,
        reason: EndReason,
    },
    /// The call reached its terminal status, which says how. Always the last event.
    Over {
        reason: EndReason,
    },
}

impl Event {
    /// The word in the event log.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Ringing { .. } => "ringing",
            Self::Accepted { .. } => "accepted",
            Self::Declined { .. } => "declined",
            Self::Busy { .. } => "busy",
            Self::Missed { .. } => "missed",
            Self::MediaConnected { .. } => "media_connected",
            Self::MediaLost { .. } => "media_lost",
            Self::SocketGone { .. } => "socket_gone",
            Self::SocketBack { .. } => "socket_back",
            Self::Updated { .. } => "updated",
            Self::Left { .. } => "left",
            Self::Over { .. } => "over",
        }
    }

    /// Whom it is about.
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::Ringing { user, .. }
            | Self::Accepted { user, .. }
            | Self::Declined { user, .. }
            | Self::Busy { user }
            | Self::Missed { user }
            | Self::MediaConnected { user }
            | Self::MediaLost { user }
            | Self::SocketGone { user }
            | Self::SocketBack { user }
            | Self::Updated { user }
            | Self::Left { user, .. } => Some(*user),
            Self::Started | Self::Over { .. } => None,
        }
    }
}

/// Why an input changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejected {
    /// The person is not in this call's roster. To them it does not exist.
    NotInRoster,
    /// The call has ended.
    Over,
    /// The person is in the call, or has refused it, with another device.
    HandledElsewhere,
    /// Not in this state, or not by this person.
    NotNow,
    /// Another call lives in the conversation.
    InProgress,
}

impl std::fmt::Display for Rejected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotInRoster => "not in this call",
            Self::Over => "the call is over",
            Self::HandledElsewhere => "answered on another device",
            Self::NotNow => "not possible in this state",
            Self::InProgress => "a call is in progress",
        })
    }
}

impl std::error::Error for Rejected {}
