//! The wire form of a call: its record as people see it, and the messages that carry its news.
//!
//! No other file turns a call into messages. The shell knows the names and the ICE configuration, and passes
//! them in.

use super::{News, Record, Seat};
use crate::time::Timestamp;
use parley_protocol::{
    ServerMessage, UserId,
    call::{Call, CallLimit, Participant},
    people::UserSummary,
    rest::IceConfig,
};

impl Record {
    /// Returns the call as its people see it.
    pub fn to_wire(&self, person: impl Fn(UserId) -> UserSummary) -> Call {
        Call {
            id: self.id,
            conversation_id: self.conversation_id,
            initiator_id: self.initiator_id,
            call_type: self.call_type,
            mode: self.mode,
            engine: self.engine,
            status: self.status,
            version: self.version,
            created_at: self.created_at,
            ring_deadline: self.ring_deadline,
            accepted_at: self.accepted_at,
            connected_at: self.connected_at,
            ended_at: self.ended_at,
            duration_seconds: self.duration_seconds(),
            end_reason: self.end_reason,
            ends_at: self.ends_at().filter(|_| self.warned),
            limit: self.max_duration.map(|longest| CallLimit {
                plan: self.plan,
                seconds: u32::try_from(longest.as_secs()).unwrap_or(u32::MAX),
            }),
            participants: self
                .participants
                .iter()
                .map(|seat| participant(seat, person(seat.user_id)))
                .collect(),
        }
    }

    /// Returns the message that makes a device of this callee ring, for as long as is left of the ring.
    pub fn ring(&self, callee: &Seat, call: Call, ice: IceConfig, now: Timestamp) -> ServerMessage {
        let left = callee.ring_deadline.unwrap_or(self.ring_deadline).since(now);
        let initiator = call.participant(self.initiator_id).map(|seat| seat.user.clone());
        ServerMessage::CallIncoming {
            call,
            caller: initiator.unwrap_or_else(|| UserSummary::named(self.initiator_id, "")),
            ice,
            ring_ms: u32::try_from(left.as_millis()).unwrap_or(u32::MAX),
        }
    }
}

impl News {
    /// Returns the message that carries the news of this call; nothing if it concerns somebody without a
    /// seat. `call` is the wire form of `record`.
    pub fn message(
        self,
        record: &Record,
        call: &Call,
        ice: impl FnOnce(UserId) -> IceConfig,
        now: Timestamp,
    ) -> Option<ServerMessage> {
        let call = call.clone();
        Some(match self {
            Self::Incoming { user } => record.ring(record.seat(user)?, call, ice(user), now),
            Self::Updated { user } => ServerMessage::ParticipantUpdated {
                call_id: call.id,
                version: call.version,
                participant: call.participants.into_iter().find(|seat| seat.user.id == user)?,
            },
            Self::Ringing { user: user_id, device: device_id } => {
                ServerMessage::CallRinging { call, user_id, device_id }
            }
            Self::Accepted { user: user_id, device: device_id } => {
                ServerMessage::CallAccepted { call, user_id, device_id }
            }
            Self::HandledElsewhere { how } => ServerMessage::CallHandledElsewhere { call, how },
            Self::State => ServerMessage::CallState { call },
            Self::Declined => ServerMessage::CallDeclined { call },
            Self::Canceled => ServerMessage::CallCanceled { call },
            Self::TimedOut => ServerMessage::CallTimedOut { call },
            Self::Busy => ServerMessage::CallBusy { call },
            Self::Failed => ServerMessage::CallFailed { call },
            Self::Ended => ServerMessage::CallEnded { call },
        })
    }
}

fn participant(seat: &Seat, user: UserSummary) -> Participant {
    Participant {
        user,
        role: seat.role,
        status: seat.status,
        device_id: seat.device_id,
        media: seat.media,
        mutes: seat.mutes,
    }
}
