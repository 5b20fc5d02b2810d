//! The plain data of a call: what is stored, and what the machine is restored from.

use crate::time::{Duration, Timestamp};
use parley_protocol::{
    CallId, ConversationId, DeviceId, UserId,
    call::{CallMode, CallStatus, CallType, EndReason, OwnMedia, ParticipantStatus, Role},
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
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            ring: Duration::from_secs(60),
            connect: Duration::from_secs(30),
            reconnect: Duration::from_secs(30),
            caller_gone: Duration::from_secs(15),
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
    pub status: CallStatus,
    /// Grows with every change; the guard against two servers deciding at once.
    pub version: u32,
    pub created_at: Timestamp,
    pub ring_deadline: Timestamp,
    /// Set while `connecting`.
    pub connect_deadline: Option<Timestamp>,
    pub accepted_at: Option<Timestamp>,
    pub connected_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub end_reason: Option<EndReason>,
    /// In the order in which they were invited; the initiator first.
    pub participants: Vec<Seat>,
}

impl Record {
    /// Time in conversation; `None` when it never got there.
    pub fn duration_seconds(&self) -> Option<u32> {
        let (from, to) = (self.connected_at?, self.ended_at?);
        Some(u32::try_from(to.since(from).as_secs()).unwrap_or(u32::MAX))
    }

    pub fn seat(&self, user: UserId) -> Option<&Seat> {
        self.participants.iter().find(|seat| seat.user_id == user)
    }
}

/// One person in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub user_id: UserId,
    pub role: Role,
    pub status: ParticipantStatus,
    /// The device that is in the call; set exactly while and after the person was in it.
    pub device_id: Option<DeviceId>,
    /// Devices that have confirmed that they ring; empty unless `ringing`.
    pub ringing_on: Vec<DeviceId>,
    /// When to give up on media that was lost; set exactly while `reconnecting`.
    pub media_deadline: Option<Timestamp>,
    /// When to give up on a socket that is gone; set only while in the call.
    pub socket_deadline: Option<Timestamp>,
    pub media: OwnMedia,
    pub invited_at: Timestamp,
    pub joined_at: Option<Timestamp>,
    pub left_at: Option<Timestamp>,
    pub leave_reason: Option<EndReason>,
}

impl Seat {
    pub(super) fn new(user_id: UserId, role: Role, status: ParticipantStatus, now: Timestamp) -> Self {
        Self {
            user_id,
            role,
            status,
            device_id: None,
            ringing_on: Vec::new(),
            media_deadline: None,
            socket_deadline: None,
            media: OwnMedia::default(),
            invited_at: now,
            joined_at: None,
            left_at: None,
            leave_reason: None,
        }
    }

    /// Invited, and has neither answered nor been given up on.
    pub fn is_pending(&self) -> bool {
        matches!(self.status, ParticipantStatus::Invited | ParticipantStatus::Ringing)
    }

    pub fn is_in_on(&self, device: DeviceId) -> bool {
        self.status.is_in() && self.device_id == Some(device)
    }
}
