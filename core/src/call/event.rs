//! The inputs and outputs of the machine of a call.

use crate::time::Duration;
use parley_protocol::{
    CallId, ConversationId, DeviceId, ErrorCode, UserId,
    call::{CallMode, CallType, EndReason, Engine, MediaChange, MediaState, OwnMedia, Role},
    people::Plan,
};

/// The parameters of a new call, which the server has checked against membership, blocks and limits.
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
    /// The people to ring, at least one.
    pub callees: Vec<Callee>,
    pub capacity: u32,
    /// The initiator's plan, from which `max_duration` comes.
    pub plan: Plan,
    pub max_duration: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Callee {
    pub user: UserId,
    pub reach: Reach,
}

/// The effect of asking a person to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// A ring on their devices.
    Rings,
    /// No ring, only an entry in the list of calls, because they are in another call.
    Busy,
    /// A ring that nobody hears, because they have blocked the caller. The caller cannot tell the difference.
    Silent,
}

/// An act of one device of one person, or the passing of time. The shell has authenticated the person.
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
    /// The entry of a person who was not rung, or returns. The shell has checked that they may.
    Join {
        user: UserId,
        device: DeviceId,
        media: OwnMedia,
    },
    Decline {
        user: UserId,
        device: DeviceId,
    },
    /// The end of the wait by the caller.
    Cancel {
        user: UserId,
        device: DeviceId,
    },
    /// The leave of a device, by its button or because its tab closes.
    Leave {
        user: UserId,
        device: DeviceId,
    },
    /// The end of the call for everyone.
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
    /// A microphone to switch off. There is no input to switch one on.
    Mute {
        by: UserId,
        user: UserId,
    },
    /// A person to send away.
    Kick {
        by: UserId,
        user: UserId,
    },
    SetRole {
        by: UserId,
        user: UserId,
        role: Role,
    },
    /// A person who is out of the conversation, and so of its call.
    Remove {
        user: UserId,
    },
    /// A person who has blocked the caller while it rings.
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
    /// The passing of time: a deadline may be due.
    Tick,
}

impl Input {
    /// Returns the person who must have a seat for this input.
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

/// A fact about the call: a line of the event log, and the reason for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Started,
    /// An invitation after the start.
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
    /// The entry of a person who was not rung, or returned.
    Joined {
        user: UserId,
        device: DeviceId,
    },
    Declined {
        user: UserId,
        device: DeviceId,
    },
    /// A person who was in another call, and was not rung.
    Busy {
        user: UserId,
    },
    /// A person who did not answer in time.
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
    /// A person who is out of the conversation.
    Removed {
        user: UserId,
    },
    /// A person from whom the call is hidden since a block. Nobody else may learn of it, so it is in no log.
    Silenced {
        user: UserId,
    },
    Left {
        user: UserId,
        reason: EndReason,
    },
    /// The warning that the longest duration is nearly over.
    EndingSoon,
    /// The terminal status of the call. Always the last event.
    Over {
        reason: EndReason,
    },
}

impl Event {
    /// Returns the word for the event log.
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

    /// Returns the person whom the event is about.
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

    /// Returns the details for the event log: the actor, the reason, or the role.
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

/// The reason why an input changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejected {
    /// A person who is not in this call's roster. To them it does not exist.
    NotInRoster,
    /// A call that has ended.
    Over,
    /// A person who is in the call, or has declined it, with another device.
    HandledElsewhere,
    /// An act that makes no sense in this state.
    NotNow,
    /// An act that only a host may do.
    NotAllowed,
    /// A person who was sent away, and has not been asked back.
    Kicked,
    /// A call with as many people in it as it holds.
    Full,
    /// A conversation in which another call lives.
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
