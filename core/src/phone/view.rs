//! What a device shows of its calls: plain data, made anew from the machine whenever it changed.

use crate::time::Instant;
use parley_protocol::{
    CallId, ConversationId, DeviceId, ErrorCode,
    call::{CallMode, CallType, OwnMedia, ParticipantStatus, Role},
    people::UserSummary,
};

/// The one thing that calls put on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Screen {
    #[default]
    Idle,
    Incoming(Incoming),
    Outgoing(Outgoing),
    Room(Room),
    Over(Over),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    pub call_id: CallId,
    /// A group has a name, which the list of conversations knows.
    pub conversation_id: ConversationId,
    pub mode: CallMode,
    pub from: UserSummary,
    pub call_type: CallType,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub to: UserSummary,
    pub call_type: CallType,
    pub stage: Stage,
}

/// How far the ring has come, honestly told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// No device of theirs has confirmed yet.
    Calling,
    Ringing,
    /// On the way into a call that goes on already.
    Joining,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    pub call_id: CallId,
    pub conversation_id: ConversationId,
    pub mode: CallMode,
    /// The other one, or who stands for the group.
    pub with: UserSummary,
    pub call_type: CallType,
    /// To anybody at all; nobody else being there is no loss.
    pub link: Link,
    /// When it was first connected; the timer counts from here.
    pub since: Option<Instant>,
    pub own_device: Option<DeviceId>,
    /// Everybody who is in the call, was in it or is asked to come, this person included, in the order in which
    /// they were asked.
    pub people: Vec<Person>,
}

impl Room {
    pub fn me(&self) -> Option<&Person> {
        self.people.iter().find(|person| person.is_me)
    }

    /// The others who are in the call.
    pub fn tiles(&self) -> Vec<Tile> {
        let tile = |person: &Person| match person.seat {
            Seat::Here { device_id, link } if !person.is_me => {
                Some(Tile { user: person.user.clone(), device_id, media: person.media, link })
            }
            _ => None,
        };
        self.people.iter().filter_map(tile).collect()
    }
}

/// Somebody in the list of a call's people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub user: UserSummary,
    pub is_me: bool,
    pub role: Role,
    pub seat: Seat,
    /// What they send, as they say it themselves.
    pub media: OwnMedia,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// Is being rung.
    Asked,
    /// In the call, with this device.
    Here { device_id: DeviceId, link: Link },
    /// Not, or not any longer.
    Away(ParticipantStatus),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    Connecting,
    Connected,
    Reconnecting,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    pub user: UserSummary,
    pub device_id: DeviceId,
    pub media: OwnMedia,
    pub link: Link,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    pub with: UserSummary,
    pub conversation_id: ConversationId,
    pub call_type: CallType,
    pub outcome: Outcome,
    pub seconds: Option<u32>,
    /// The group call, while it goes on without this device.
    pub goes_on: Option<CallId>,
}

/// How a call ended, as this device's person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// After a conversation.
    Ended,
    /// They declined.
    Declined,
    /// They did not answer.
    NoAnswer,
    Busy,
    /// I did not answer.
    Missed,
    /// They stopped calling.
    Canceled,
    AnsweredElsewhere,
    DeclinedElsewhere,
    /// The connection never came, or was lost for good.
    Failed,
    /// The server refused, or could not be reached.
    Refused(Option<ErrorCode>),
}

/// Microphone or camera of this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Capture {
    /// Not sending, by choice (for the microphone: muted).
    #[default]
    Off,
    Starting,
    On,
    Failed(MediaFault),
}

/// Why a microphone or camera cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaFault {
    /// There is none.
    NotFound,
    /// Blocked by the person or the browser's settings.
    Denied,
    /// In use by another program, or refused by the system.
    InUse,
    Other,
}
