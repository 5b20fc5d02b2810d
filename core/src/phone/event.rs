//! The inputs and outputs of a device's machine.

use super::view::MediaFault;
use crate::peer;
use parley_protocol::{
    CallId, ClientMessage, ConversationId, DeviceId, ErrorCode, ServerMessage,
    call::{Call, CallType, OwnMedia},
    data::DataMessage,
    people::UserSummary,
    rest::{CallAccess, IceConfig, OtherCall},
};

/// A wish of the person at this device. No other input can answer a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    Start {
        conversation_id: ConversationId,
        with: UserSummary,
        call_type: CallType,
    },
    /// The wish to enter a call that is running already.
    Join {
        call_id: CallId,
        conversation_id: ConversationId,
        with: UserSummary,
        call_type: CallType,
    },
    Answer {
        with_video: bool,
    },
    Decline,
    /// The wish to leave the current call and answer the waiting one.
    AnswerWaiting {
        with_video: bool,
    },
    DeclineWaiting,
    /// The wish to end the call for this device: a cancel while it rings, a leave in the room.
    Leave,
    ToggleMic,
    ToggleCamera,
    /// The start or the end of a screen share, after the page has begun or lost the capture.
    Share(bool),
    RaiseHand(bool),
    /// The wish for the same call once more, or for the way back if it goes on without this device.
    Again,
    /// The confirmation that the person has read how the call ended.
    Dismiss,
}

/// An event that the machine reacts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    User(Intent),
    /// The opening of the socket, with the id that the server gave this device.
    Online {
        device_id: DeviceId,
    },
    Offline,
    Server(ServerMessage),
    /// The answer to [`ApiCommand::Start`] or [`ApiCommand::Join`].
    Started(Result<CallAccess, ApiError>),
    /// The answer to [`ApiCommand::Accept`].
    Accepted(CallId, Result<CallAccess, ApiError>),
    /// The answer to a command that only reports something: the call after it.
    Told(ApiCommand, Result<Call, ApiError>),
    /// The answer to [`ApiCommand::Active`]: the live calls of this person, and the call that this device
    /// held when it asked.
    Active {
        held: Option<CallId>,
        calls: Result<Vec<Call>, ApiError>,
    },
    Media(MediaEvent),
    Peer(DeviceId, peer::Event),
    /// A message of a remote device over its data channel.
    Data(DeviceId, DataMessage),
    /// The passing of time: a deadline may be due.
    Tick,
}

/// A refusal by the server, or no answer at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// The server's reason; `None` when it could not be reached.
    pub code: Option<ErrorCode>,
    /// The call that stands in the way of the request.
    pub call_id: Option<CallId>,
}

impl ApiError {
    /// Checks whether the same request may succeed in a moment.
    pub fn is_passing(&self) -> bool {
        use ErrorCode::{Conflict, Internal, RateLimited, Unavailable};
        self.code.is_none_or(|code| matches!(code, Conflict | Internal | RateLimited | Unavailable))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    Mic,
    Camera,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaEvent {
    Ready(MediaKind),
    Failed(MediaKind, MediaFault),
    /// The end of a track by itself: the device was unplugged, or the permission revoked.
    Ended(MediaKind),
}

/// An effect that the page carries out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    Send(ClientMessage),
    Api(ApiCommand),
    Media(MediaCommand),
    /// The preparation of a connection, because a device will soon be opened. It must neither gather
    /// candidates nor send. `offers` says that this device offers to everybody, so that the connection may be
    /// made to offer.
    Prepare {
        ice: IceConfig,
        offers: bool,
    },
    /// The opening of a connection to a remote device.
    Open {
        device: DeviceId,
        ice: IceConfig,
    },
    Peer(DeviceId, peer::Command),
    /// The order to put the own tracks on the connection, or to take them off.
    SendTracks {
        device: DeviceId,
        send: bool,
    },
    Data(DeviceId, DataMessage),
    Close(DeviceId),
}

/// A request to the server; the answer comes back as an [`Input`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiCommand {
    Start {
        conversation_id: ConversationId,
        call_type: CallType,
        device_id: DeviceId,
        media: OwnMedia,
    },
    Join {
        call_id: CallId,
        device_id: DeviceId,
        media: OwnMedia,
    },
    Accept {
        call_id: CallId,
        device_id: DeviceId,
        media: OwnMedia,
        /// The instruction for the call that this one is answered from.
        other: Option<OtherCall>,
    },
    Decline {
        call_id: CallId,
        device_id: DeviceId,
    },
    Leave {
        call_id: CallId,
        device_id: DeviceId,
    },
    /// The question for the live calls of this person.
    Active {
        held: Option<CallId>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaCommand {
    /// The request for the wanted devices, with one permission dialog for both.
    Acquire {
        mic: bool,
        camera: bool,
    },
    Mute(bool),
    StopCamera,
    /// The release of every device: the camera light goes out.
    Release,
}
