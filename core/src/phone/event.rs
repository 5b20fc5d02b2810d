//! What goes into a device's machine, and what comes out.

use super::view::MediaFault;
use crate::peer;
use parley_protocol::{
    CallId, ClientMessage, ConversationId, DeviceId, ErrorCode, ServerMessage,
    call::{Call, CallType, OwnMedia},
    data::DataMessage,
    people::UserSummary,
    rest::{CallAccess, IceConfig, OtherCall},
};

/// What the person at this device wants. The only input that can answer a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    Start {
        conversation_id: ConversationId,
        with: UserSummary,
        call_type: CallType,
    },
    /// Into a call that goes on already.
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
    /// Leaves the call that is, and answers the one that rings beside it.
    AnswerWaiting {
        with_video: bool,
    },
    DeclineWaiting,
    /// Out: cancels while it rings, leaves the room after that.
    Leave,
    ToggleMic,
    ToggleCamera,
    /// A screen is there to be shown, or is not any longer.
    Share(bool),
    RaiseHand(bool),
    /// The same call once more; back into it, if it goes on without this device.
    Again,
    /// The person has read how the call ended.
    Dismiss,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    User(Intent),
    /// The socket is up and the server has named this device.
    Online {
        device_id: DeviceId,
    },
    Offline,
    Server(ServerMessage),
    /// Answer to [`ApiCommand::Start`] and [`ApiCommand::Join`].
    Started(Result<CallAccess, ApiError>),
    /// Answer to [`ApiCommand::Accept`].
    Accepted(CallId, Result<CallAccess, ApiError>),
    /// Answer to a command that only says something: how the call stands after it.
    Told(ApiCommand, Result<Call, ApiError>),
    /// The live calls of this person, and the call that this device held when it asked.
    Active {
        held: Option<CallId>,
        calls: Result<Vec<Call>, ApiError>,
    },
    Media(MediaEvent),
    Peer(DeviceId, peer::Event),
    /// Something a remote device said over the data channel.
    Data(DeviceId, DataMessage),
    /// A deadline may have passed.
    Tick,
}

/// The server said no, or nothing at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// `None` when it could not be reached.
    pub code: Option<ErrorCode>,
    /// The call that stands in the way.
    pub call_id: Option<CallId>,
}

impl ApiError {
    /// The same request may well succeed in a moment.
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
    /// The track ended by itself: unplugged, or the permission was taken back.
    Ended(MediaKind),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    Send(ClientMessage),
    Api(ApiCommand),
    Media(MediaCommand),
    /// It rings: have a connection ready for the device that will be opened. It must not gather or send, and be one
    /// that offers only where this device offers to everybody.
    Prepare {
        ice: IceConfig,
        offers: bool,
    },
    /// Start a connection to a remote device.
    Open {
        device: DeviceId,
        ice: IceConfig,
    },
    Peer(DeviceId, peer::Command),
    /// Put own tracks on the connection, or take them off it.
    SendTracks {
        device: DeviceId,
        send: bool,
    },
    Data(DeviceId, DataMessage),
    Close(DeviceId),
}

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
        /// What becomes of the call that it is answered from.
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
    /// Ask which calls of this person are alive.
    Active {
        held: Option<CallId>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaCommand {
    /// Get the devices that are wanted, asking once for both.
    Acquire {
        mic: bool,
        camera: bool,
    },
    Mute(bool),
    StopCamera,
    /// Everything off: the camera light goes out.
    Release,
}
