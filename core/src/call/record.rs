//! The plain data of a call, which is stored and which the machine is restored from.

use crate::time::{Duration, Timestamp};
use parley_protocol::{
    CallId, ConversationId, DeviceId, UserId,
    call::{CallMode, CallStatus, CallType, EndReason, Engine, OwnMedia, ParticipantStatus, Role},
    people::Plan,
};

/// The periods that the life of a call depends on, from the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// The time that each person is rung.
    pub ring: Duration,
    /// The longest time from the accept to media.
    pub connect: Duration,
    /// The time that a call waits for media or a socket that was lost.
    pub reconnect: Duration,
    /// The time that a call goes on ringing when the caller's socket is gone.
    pub caller_gone: Duration,
    /// The time that a person may be alone in a group call.
    pub alone: Duration,
    /// The time before the end of its longest duration at which a call warns.
    pub warning: Duration,
    /// The time at which the only server began, when nobody had a socket; `None` if there are several
    /// servers.
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
    /// The version, which grows with every change. It keeps two servers from deciding at once.
    pub version: u32,
    pub created_at: Timestamp,
    /// The time at which the last of the people who are being rung is given up on.
    pub ring_deadline: Timestamp,
    /// The time by which two people must be connected; set while `connecting` with somebody else in the call.
    pub connect_deadline: Option<Timestamp>,
    /// The end of a group call with one person in it; set while nobody else is in it or being rung.
    pub alone_deadline: Option<Timestamp>,
    /// The initiator's plan when the call started.
    pub plan: Plan,
    /// The longest time that the call may be connected; unlimited if `None`.
    pub max_duration: Option<Duration>,
    /// Whether everyone has been told that the end of `max_duration` is near.
    pub warned: bool,
    /// The most people who can be in the call at once.
    pub capacity: u32,
    pub accepted_at: Option<Timestamp>,
    pub connected_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub end_reason: Option<EndReason>,
    /// The people in the order in which they were invited or came, the initiator first.
    pub participants: Vec<Seat>,
}

impl Record {
    /// Returns the time in conversation; `None` if there was none, or it is not over.
    pub fn duration_seconds(&self) -> Option<u32> {
        let (from, to) = (self.connected_at?, self.ended_at?);
        Some(u32::try_from(to.since(from).as_secs()).unwrap_or(u32::MAX))
    }

    /// Returns the time at which the call will have lasted as long as it may.
    pub fn ends_at(&self) -> Option<Timestamp> {
        Some(self.connected_at? + self.max_duration?)
    }

    pub fn seat(&self, user: UserId) -> Option<&Seat> {
        self.participants.iter().find(|seat| seat.user_id == user)
    }

    /// Lists the people who are in the call.
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
    /// Whether the call is hidden from the person, who has blocked the caller.
    pub hidden: bool,
    /// The device that is in the call, or was until the person left.
    pub device_id: Option<DeviceId>,
    /// Devices that have confirmed that they ring; empty unless `ringing`.
    pub ringing_on: Vec<DeviceId>,
    /// The time to give up on an answer; set exactly while one is awaited.
    pub ring_deadline: Option<Timestamp>,
    /// The time to give up on media that was lost or has yet to come; set only while somebody else is in.
    pub media_deadline: Option<Timestamp>,
    /// The time to give up on a socket that is gone; set only while the person is in the call.
    pub socket_deadline: Option<Timestamp>,
    pub media: OwnMedia,
    /// The count of mutes by others since the person came in.
    pub mutes: u32,
    pub invited_at: Timestamp,
    pub joined_at: Option<Timestamp>,
    pub left_at: Option<Timestamp>,
    pub leave_reason: Option<EndReason>,
}

impl Seat {
    /// Creates the seat of a person who is being asked to come.
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

    /// Takes the person in with this device, for the first time or again.
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

    /// Closes the seat: the person is not in the call, and not awaited unless they are asked again.
    pub(super) fn close(&mut self, now: Timestamp, status: ParticipantStatus, reason: Option<EndReason>) {
        self.status = status;
        self.left_at = Some(now);
        self.leave_reason = reason;
        self.ringing_on.clear();
        self.ring_deadline = None;
        self.media_deadline = None;
        self.socket_deadline = None;
    }

    /// Checks whether the person is invited, and has neither answered nor been given up on.
    pub fn is_pending(&self) -> bool {
        self.status.is_pending()
    }

    pub fn is_in_on(&self, device: DeviceId) -> bool {
        self.status.is_in() && self.device_id == Some(device)
    }

    /// Checks whether the person may end the call and send people away.
    pub fn is_host(&self) -> bool {
        self.status.is_in() && matches!(self.role, Role::Host | Role::CoHost)
    }
}
