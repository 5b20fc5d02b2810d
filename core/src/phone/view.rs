//! The view of a device's calls: plain data, derived anew from the machine after each input.

use crate::time::{Instant, Timestamp};
use parley_protocol::{
    CallId, ConversationId, DeviceId, ErrorCode,
    call::{CallMode, CallType, OwnMedia, ParticipantStatus, Role},
    people::{Plan, UserSummary},
};

/// The screen that calls ask for; there is one at a time.
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
    /// The conversation of the call. The list of conversations knows a group's name.
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

/// The confirmed progress of an outgoing call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The wait for the first device of a callee to confirm that it rings.
    Calling,
    Ringing,
    /// The way into a call that is running already.
    Joining,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    pub call_id: CallId,
    pub conversation_id: ConversationId,
    pub mode: CallMode,
    /// The other person, or the one who stands for the group.
    pub with: UserSummary,
    pub call_type: CallType,
    /// The connection to anybody at all. A device that is alone in a group call counts as connected.
    pub link: Link,
    /// The time of the first connection, from which the call's timer counts.
    pub since: Option<Instant>,
    pub own_device: Option<DeviceId>,
    /// The end that the initiator's plan sets.
    pub limit: Option<Limit>,
    /// All people who are in the call, were in it or are asked to come, this person included, in the order in
    /// which they were asked.
    pub people: Vec<Person>,
}

/// The end of a call that may not last for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub plan: Plan,
    /// The longest duration.
    pub seconds: u32,
    /// The end by the server's clock; absent until the call is connected.
    pub ends_at: Option<Timestamp>,
    /// Whether the server has told everybody that the end is near.
    pub is_near: bool,
}

impl Room {
    pub fn me(&self) -> Option<&Person> {
        self.people.iter().find(|person| person.is_me)
    }

    /// Lists the others who are in the call.
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

/// An entry in the list of a call's people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub user: UserSummary,
    pub is_me: bool,
    pub role: Role,
    pub seat: Seat,
    /// The media that the person sends, by their own report.
    pub media: OwnMedia,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// A person who is being rung.
    Asked,
    /// A person in the call, with this device.
    Here { device_id: DeviceId, link: Link },
    /// A person who has left, or did not come.
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
    /// The group call, if it goes on without this device.
    pub goes_on: Option<CallId>,
}

/// The end of a call, as this device's person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The end of a conversation.
    Ended,
    /// A refusal by the callee.
    Declined,
    /// A callee who did not answer.
    NoAnswer,
    /// A callee who was in another call.
    Busy,
    /// A ring that this person did not answer.
    Missed,
    /// A caller who gave up.
    Canceled,
    AnsweredElsewhere,
    DeclinedElsewhere,
    /// A connection that never came up, or was lost for good.
    Failed,
    /// A refusal by the server, or `None` if it could not be reached.
    Refused(Option<ErrorCode>),
}

/// The state of this device's microphone or camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Capture {
    /// A device that is off by choice; a microphone in this state is muted.
    #[default]
    Off,
    Starting,
    On,
    Failed(MediaFault),
}

/// The reason why a microphone or camera is not available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaFault {
    /// No such device.
    NotFound,
    /// A permission that the person or the browser's settings deny.
    Denied,
    /// A device that another program uses, or that the system refuses.
    InUse,
    Other,
}
