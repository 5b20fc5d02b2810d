//! What goes into the machine of a call, and what comes out.

use crate::time::Duration;
use parley_protocol::{
    CallId, ConversationId, DeviceId, ErrorCode, UserId,
    call::{CallMode, CallType, EndReason, Engine, MediaChange, MediaState, OwnMedia, Role},
};

/// A wish to start a call, checked by the server against membership, blocks and limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    pub id: CallId,
    pub conversation_id: ConversationId,
    pub call_type: CallType,
    pub mode: CallMode,
    pub engine: Engine,
    pub user: UserId,
    pub device: DeviceId,
    pub media: OwnMedia,
    /// At least one.
    pub callees: Vec<Callee>,
    pub capacity: u32,
    pub max_duration: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Callee {
    pub user: UserId,
    pub reach: Reach,
}

/// What asking a person to come would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Their devices ring.
    Rings,
    /// They are in another call.
    Busy,
    /// They have blocked who asks: they hear nothing, and nobody can tell.
    Silent,
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
    /// Comes without being rung, or once more. The shell has made sure that the person may.
    Join {
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
        change: MediaChange,
    },
    /// Switches somebody's microphone off. There is no way to switch one on.
    Mute {
        by: UserId,
        user: UserId,
    },
    /// Sends somebody away.
    Kick {
        by: UserId,
        user: UserId,
    },
    SetRole {
        by: UserId,
        user: UserId,
        role: Role,
    },
    /// Is out of the conversation, and so of its call, wherever they are in it.
    Remove {
        user: UserId,
    },
    /// Has blocked who calls, while it rang.
    Silence {
        user: UserId,
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

impl Input {
    /// Whose place in the roster it needs.
    pub(super) const fn actor(&self) -> Option<UserId> {
        match *self {
            Self::RingAck { user, .. }
            | Self::Accept { user, .. }
            | Self::Decline { user, .. }
            | Self::Cancel { user, .. }
            | Self::Leave { user, .. }
            | Self::End { user }
            | Self::Media { user, .. }
            | Self::Update { user, .. }
            | Self::Remove { user }
            | Self::Silence { user }
            | Self::SocketGone { user, .. }
            | Self::SocketBack { user, .. } => Some(user),
            Self::Mute { by, .. } | Self::Kick { by, .. } | Self::SetRole { by, .. } => Some(by),
            Self::Join { .. } | Self::Tick => None,
        }
    }
}

/// A fact: one line of the event log, and the reason for a message to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Started,
    /// Is asked to come, after the start.
    Invited {
        user: UserId,
        by: UserId,
    },
    Ringing {
        user: UserId,
        device: DeviceId,
    },
    Accepted {
        user: UserId,
        device: DeviceId,
    },
    /// Came without being rung, or again.
    Joined {
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
    Muted {
        user: UserId,
        by: UserId,
    },
    Kicked {
        user: UserId,
        by: UserId,
    },
    RoleChanged {
        user: UserId,
        role: Role,
    },
    /// Is out of the conversation.
    Removed {
        user: UserId,
    },
    /// Hears no more of the call. Nobody else may learn of it: it is in no log.
    Silenced {
        user: UserId,
    },
    Left {
        user: UserId,
        reason: EndReason,
    },
    /// The longest duration is nearly over.
    EndingSoon,
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
            Self::Invited { .. } => "invited",
            Self::Ringing { .. } => "ringing",
            Self::Accepted { .. } => "accepted",
            Self::Joined { .. } => "joined",
            Self::Declined { .. } => "declined",
            Self::Busy { .. } => "busy",
            Self::Missed { .. } => "missed",
            Self::MediaConnected { .. } => "media_connected",
            Self::MediaLost { .. } => "media_lost",
            Self::SocketGone { .. } => "socket_gone",
            Self::SocketBack { .. } => "socket_back",
            Self::Updated { .. } => "updated",
            Self::Muted { .. } => "muted",
            Self::Kicked { .. } => "kicked",
            Self::RoleChanged { .. } => "role_changed",
            Self::Removed { .. } => "removed",
            Self::Silenced { .. } => "silenced",
            Self::Left { .. } => "left",
            Self::EndingSoon => "ending_soon",
            Self::Over { .. } => "over",
        }
    }

    /// Whom it is about.
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::Invited { user, .. }
            | Self::Ringing { user, .. }
            | Self::Accepted { user, .. }
            | Self::Joined { user, .. }
            | Self::Declined { user, .. }
            | Self::Busy { user }
            | Self::Missed { user }
            | Self::MediaConnected { user }
            | Self::MediaLost { user }
            | Self::SocketGone { user }
            | Self::SocketBack { user }
            | Self::Updated { user }
            | Self::Muted { user, .. }
            | Self::Kicked { user, .. }
            | Self::RoleChanged { user, .. }
            | Self::Removed { user }
            | Self::Silenced { user }
            | Self::Left { user, .. } => Some(*user),
            Self::Started | Self::EndingSoon | Self::Over { .. } => None,
        }
    }

    /// What else the event log says of it: by whom, why, as what.
    pub fn data(&self) -> Option<String> {
        match self {
            Self::Invited { by, .. } | Self::Muted { by, .. } | Self::Kicked { by, .. } => {
                Some(by.to_string())
            }
            Self::Left { reason, .. } | Self::Over { reason } => Some(reason.to_string()),
            Self::RoleChanged { role, .. } => Some(role.to_string()),
            _ => None,
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
    /// Not in this state.
    NotNow,
    /// Only a host may.
    NotAllowed,
    /// Was sent away, and has not been asked back.
    Kicked,
    /// As many are in it as can be.
    Full,
    /// Another call lives in the conversation.
    InProgress,
}

impl Rejected {
    /// Returns the code that a request or frame is refused with.
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::NotInRoster => ErrorCode::NotFound,
            Self::Over | Self::NotNow => ErrorCode::CallNotLive,
            Self::HandledElsewhere => ErrorCode::AnsweredElsewhere,
            Self::NotAllowed => ErrorCode::NotAllowed,
            Self::Kicked => ErrorCode::RemovedFromCall,
            Self::Full => ErrorCode::CallFull,
            Self::InProgress => ErrorCode::CallInProgress,
        }
    }
}

impl std::fmt::Display for Rejected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotInRoster => "not in this call",
            Self::Over => "the call is over",
            Self::HandledElsewhere => "answered on another device",
            Self::NotNow => "not possible in this state",
            Self::NotAllowed => "only a host of the call may do that",
            Self::Kicked => "you were removed from this call",
            Self::Full => "the call is full",
            Self::InProgress => "a call is in progress",
        })
    }
}

impl std::error::Error for Rejected {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_code() {
        let table = [
            (Rejected::NotInRoster, ErrorCode::NotFound),
            (Rejected::Over, ErrorCode::CallNotLive),
            (Rejected::HandledElsewhere, ErrorCode::AnsweredElsewhere),
            (Rejected::NotNow, ErrorCode::CallNotLive),
            (Rejected::NotAllowed, ErrorCode::NotAllowed),
            (Rejected::Kicked, ErrorCode::RemovedFromCall),
            (Rejected::Full, ErrorCode::CallFull),
            (Rejected::InProgress, ErrorCode::CallInProgress),
        ];
        for (rejected, code) in table {
            assert_eq!(rejected.code(), code, "{rejected}");
        }
    }
}
