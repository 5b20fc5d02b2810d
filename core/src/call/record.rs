//! The plain data of a call: what is stored, and what the machine is restored from.

use crate::time::{Duration, Timestamp};
use parley_protocol::{
    CallId, ConversationId, DeviceId, UserId,
    call::{CallMode, CallStatus, CallType, EndReason, Engine, OwnMedia, ParticipantStatus, Role},
};

/// The periods that the life of a call depends on; from the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How long it rings.
    pub ring: Duration,
    /// From accept to media, at most.
    pub connect: Duration,
    /// How long a call waits for media or a socket that was lost.
    pub reconnect: Duration,
    /// How long it goes on ringing when the caller's socket is gone.
    pub caller_gone: Duration,
    /// How long somebody may sit in a group call alone.
    pub alone: Duration,
    /// How long before its longest duration a call says so.
    pub warning: Duration,
    /// When the only server there is began: then nobody had a socket.
    pub began: Option<Timestamp>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            ring: Duration::from_secs(60),
            connect: Duration::from_secs(30),
            reconnect: Duration::from_secs(30),
            caller_gone: Duration::from_secs(15),
            alone: Duration::from_secs(5 * 60),
            warning: Duration::from_secs(5 * 60),
            began: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub id: CallId,
    pub conversation_id: ConversationId,
    pub initiator_id: UserId,
    pub call_type: CallType,
    pub mode: CallMode,
    pub engine: Engine,
    pub status: CallStatus,
    /// Grows with every change; the guard against two servers deciding at once.
    pub version: u32,
    pub created_at: Timestamp,
    /// When the last of those who are being rung is given up on.
    pub ring_deadline: Timestamp,
    /// Set while `connecting` and not alone.
    pub connect_deadline: Option<Timestamp>,
    /// Set while one person sits in a group call and nobody is being rung.
    pub alone_deadline: Option<Timestamp>,
    /// How long it may last once connected; for ever unless set.
    pub max_duration: Option<Duration>,
    /// Everyone has been told that the end of `max_duration` is near.
    pub warned: bool,
    /// Most people who can be in it at once.
    pub capacity: u32,
    pub accepted_at: Option<Timestamp>,
    pub connected_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub end_reason: Option<EndReason>,
    /// In the order in which they were invited or came; the initiator first.
    pub participants: Vec<Seat>,
}

impl Record {
    /// Time in conversation; `None` when it never got there.
    pub fn duration_seconds(&self) -> Option<u32> {
        let (from, to) = (self.connected_at?, self.ended_at?);
        Some(u32::try_from(to.since(from).as_secs()).unwrap_or(u32::MAX))
    }

    /// When it will have lasted as long as it may.
    pub fn ends_at(&self) -> Option<Timestamp> {
        Some(self.connected_at? + self.max_duration?)
    }

    pub fn seat(&self, user: UserId) -> Option<&Seat> {
        self.participants.iter().find(|seat| seat.user_id == user)
    }

    /// Those who are in it.
    pub fn present(&self) -> impl Iterator<Item = &Seat> {
        self.participants.iter().filter(|seat| seat.status.is_in())
    }
}

/// One person in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub user_id: UserId,
    pub role: Role,
    pub status: ParticipantStatus,
    /// The person hears nothing of the call: they have blocked who calls.
    pub hidden: bool,
    /// The device that is in the call, or was until the person left.
    pub device_id: Option<DeviceId>,
    /// Devices that have confirmed that they ring; empty unless `ringing`.
    pub ringing_on: Vec<DeviceId>,
    /// When to give up on an answer; set exactly while it is awaited.
    pub ring_deadline: Option<Timestamp>,
    /// When to give up on media that was lost or has yet to come; set only while somebody else is in.
    pub media_deadline: Option<Timestamp>,
    /// When to give up on a socket that is gone; set only while in the call.
    pub socket_deadline: Option<Timestamp>,
    pub media: OwnMedia,
    /// How often somebody else has muted them since they came.
    pub mutes: u32,
    pub invited_at: Timestamp,
    pub joined_at: Option<Timestamp>,
    pub left_at: Option<Timestamp>,
    pub leave_reason: Option<EndReason>,
}

impl Seat {
    /// Somebody who is being asked to come.
    pub(super) fn invited(user_id: UserId, hidden: bool, now: Timestamp, until: Timestamp) -> Self {
        Self {
            user_id,
            role: Role::Participant,
            status: ParticipantStatus::Invited,
            hidden,
            device_id: None,
            ringing_on: Vec::new(),
            ring_deadline: Some(until),
            media_deadline: None,
            socket_deadline: None,
            media: OwnMedia::default(),
            mutes: 0,
            invited_at: now,
            joined_at: None,
            left_at: None,
            leave_reason: None,
        }
    }

    /// Comes in with this device, for the first time or again.
    pub(super) fn come_in(&mut self, now: Timestamp, device: DeviceId, media: OwnMedia) {
        self.status = ParticipantStatus::Connecting;
        self.hidden = false;
        self.device_id = Some(device);
        self.ringing_on.clear();
        self.ring_deadline = None;
        self.media_deadline = None;
        self.socket_deadline = None;
        self.media = media;
        self.mutes = 0;
        self.joined_at = Some(now);
        self.left_at = None;
        self.leave_reason = None;
    }

    /// Is not in the call, and will not come unless asked again.
    pub(super) fn close(&mut self, now: Timestamp, status: ParticipantStatus, reason: Option<EndReason>) {
        self.status = status;
        self.left_at = Some(now);
        self.leave_reason = reason;
        self.ringing_on.clear();
        self.ring_deadline = None;
        self.media_deadline = None;
        self.socket_deadline = None;
    }

    /// Invited, and has neither answered nor been given up on.
    pub fn is_pending(&self) -> bool {
        self.status.is_pending()
    }

    pub fn is_in_on(&self, device: DeviceId) -> bool {
        self.status.is_in() && self.device_id == Some(device)
    }

    /// Speaks for the call: may end it, and send people away.
    pub fn is_host(&self) -> bool {
        self.status.is_in() && matches!(self.role, Role::Host | Role::CoHost)
    }
}
