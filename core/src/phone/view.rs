//! What a device shows of its calls: plain data, made anew from the machine whenever it changed.

use crate::time::Instant;
use parley_protocol::{
    CallId, ConversationId, DeviceId, ErrorCode,
    call::{CallType, OwnMedia},
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
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    pub call_id: CallId,
    pub with: UserSummary,
    pub call_type: CallType,
    pub link: Link,
    /// When it was first connected; the timer counts from here.
    pub since: Option<Instant>,
    /// The others in the call.
    pub tiles: Vec<Tile>,
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
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    pub with: UserSummary,
    pub conversation_id: ConversationId,
    pub call_type: CallType,
    pub outcome: Outcome,
    pub seconds: Option<u32>,
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
