//! The only file that turns a call into messages: what it looks like, and who hears of what.

use super::Roster;
use crate::{cluster::bus::Audience, media::Media, storage::Faces};
use parley_core::call::{Event, Record, Seat};
use parley_protocol::{
    DeviceId, MessageId, ServerMessage, Timestamp, UserId,
    call::{Call, CallStatus, Participant, ParticipantStatus},
    people::{Message, MessageContent, UserSummary},
    rest::CallAccess,
    ws::HandledHow,
};

pub struct Notice {
    pub to: Vec<Audience>,
    pub message: ServerMessage,
}

/// The call as its people see it.
pub fn call(record: &Record, faces: &Faces) -> Call {
    Call {
        id: record.id,
        conversation_id: record.conversation_id,
        initiator_id: record.initiator_id,
        call_type: record.call_type,
        mode: record.mode,
        engine: record.engine,
        status: record.status,
        version: record.version,
        created_at: record.created_at,
        ring_deadline: record.ring_deadline,
        accepted_at: record.accepted_at,
        connected_at: record.connected_at,
        ended_at: record.ended_at,
        duration_seconds: record.duration_seconds(),
        end_reason: record.end_reason,
        ends_at: record.ends_at().filter(|_| record.warned),
        participants: record.participants.iter().map(|seat| participant(seat, faces)).collect(),
    }
}

/// The call for somebody whose device is to take part in it.
pub fn access(roster: &Roster, user: UserId, media: &Media, now: Timestamp) -> CallAccess {
    let Roster { record, known } = roster;
    let pass = media.admit(record, user, now);
    CallAccess { call: call(record, &known.faces), pass, ice: media.ice_in(roster, user) }
}

/// Whether this person's devices are to ring. Who is not to be disturbed finds the call in their list.
pub fn rings(roster: &Roster, seat: &Seat) -> bool {
    seat.is_pending() && !seat.hidden && !roster.known.undisturbed.contains(&seat.user_id)
}

/// Whether the person hears how the call goes on. Who was sent away does not, nor who never heard of it.
pub fn hears(seat: &Seat) -> bool {
    !seat.hidden && seat.status != ParticipantStatus::Kicked
}

/// What makes a device of this person ring.
pub fn incoming(roster: &Roster, callee: &Seat, media: &Media, now: Timestamp) -> ServerMessage {
    let record = &roster.record;
    let left = callee.ring_deadline.unwrap_or(record.ring_deadline).since(now);
    ServerMessage::CallIncoming {
        call: call(record, &roster.known.faces),
        caller: person(record.initiator_id, &roster.known.faces),
        ice: media.ice_in(roster, callee.user_id),
        ring_ms: u32::try_from(left.as_millis()).unwrap_or(u32::MAX),
    }
}

/// The line that a finished call leaves in its conversation.
pub fn closing_line(record: &Record, id: MessageId, now: Timestamp) -> Message {
    Message {
        id,
        conversation_id: record.conversation_id,
        sender_id: record.initiator_id,
        content: MessageContent::Call {
            call_id: record.id,
            call_type: record.call_type,
            status: record.status,
            duration_seconds: record.duration_seconds(),
        },
        created_at: now,
    }
}

/// Whether the end of the call is something that the others have yet to learn.
pub fn is_news(record: &Record) -> bool {
    record.accepted_at.is_none() && record.status != CallStatus::Declined
}

/// Who hears what of these events. A call that is over says so once.
pub fn notices(roster: &Roster, events: &[Event], media: &Media, now: Timestamp) -> Vec<Notice> {
    let sent_away = events.iter().filter_map(|event| match event {
        Event::Kicked { user, .. } | Event::Removed { user } => Some(*user),
        _ => None,
    });
    let call = call(&roster.record, &roster.known.faces);
    let teller = Teller { roster, media, now, call, sent_away: sent_away.collect() };
    let over = events.iter().any(|event| matches!(event, Event::Over { .. }));
    let mut told: Vec<Notice> = Vec::new();
    let mut state_told = over;
    for event in events {
        match event {
            Event::Started => told.extend(teller.started()),
            Event::Invited { user, .. } if !over => {
                told.extend(teller.ring(*user));
                if !state_told {
                    state_told = true;
                    told.push(teller.state());
                }
            }
            Event::Ringing { user, device } if !over => told.push(teller.ringing(*user, *device)),
            Event::Accepted { user, device } => told.extend(teller.accepted(*user, *device)),
            Event::Declined { user, device } => {
                told.push(teller.elsewhere(*user, *device, HandledHow::Declined));
                if !over && !state_told {
                    state_told = true;
                    told.push(teller.state());
                }
            }
            // No device of theirs did it: all of them stop ringing.
            Event::Silenced { user } => {
                let (call, how) = (teller.call.clone(), HandledHow::Silenced);
                let message = ServerMessage::CallHandledElsewhere { call, how };
                told.push(Notice { to: vec![Audience::Users(vec![*user])], message });
            }
            Event::Updated { user } | Event::Muted { user, .. } if !over => {
                told.extend(teller.updated(*user));
            }
            Event::Over { .. } => told.push(teller.over(events)),
            _ if !state_told => {
                state_told = true;
                told.push(teller.state());
            }
            _ => {}
        }
    }
    told
}

struct Teller<'a> {
    roster: &'a Roster,
    media: &'a Media,
    now: Timestamp,
    call: Call,
    /// Who hears of the call for the last time.
    sent_away: Vec<UserId>,
}

impl Teller<'_> {
    fn started(&self) -> Vec<Notice> {
        self.roster.record.participants.iter().filter_map(|seat| self.ring(seat.user_id)).collect()
    }

    fn ring(&self, user: UserId) -> Option<Notice> {
        let seat = self.roster.record.seat(user).filter(|seat| rings(self.roster, seat))?;
        let message = incoming(self.roster, seat, self.media, self.now);
        Some(Notice { to: vec![Audience::Users(vec![user])], message })
    }

    fn ringing(&self, user_id: UserId, device_id: DeviceId) -> Notice {
        let mut caller = self.everyone_but(None);
        caller.retain(|id| *id == self.call.initiator_id);
        Notice {
            to: vec![Audience::Users(caller)],
            message: ServerMessage::CallRinging { call: self.call.clone(), user_id, device_id },
        }
    }

    fn accepted(&self, user_id: UserId, device_id: DeviceId) -> [Notice; 2] {
        let to = vec![
            Audience::Users(self.everyone_but(Some(user_id))),
            Audience::Device { user: user_id, device: device_id },
        ];
        let message = ServerMessage::CallAccepted { call: self.call.clone(), user_id, device_id };
        [Notice { to, message }, self.elsewhere(user_id, device_id, HandledHow::Accepted)]
    }

    fn elsewhere(&self, user: UserId, but: DeviceId, how: HandledHow) -> Notice {
        Notice {
            to: vec![Audience::OtherDevices { user, but }],
            message: ServerMessage::CallHandledElsewhere { call: self.call.clone(), how },
        }
    }

    fn updated(&self, user: UserId) -> Option<Notice> {
        let participant = self.call.participant(user)?.clone();
        let (call_id, version) = (self.call.id, self.call.version);
        let message = ServerMessage::ParticipantUpdated { call_id, version, participant };
        Some(Notice { to: self.all(), message })
    }

    fn state(&self) -> Notice {
        Notice { to: self.all(), message: ServerMessage::CallState { call: self.call.clone() } }
    }

    fn over(&self, events: &[Event]) -> Notice {
        let call = self.call.clone();
        let message = match call.status {
            CallStatus::Declined => {
                // Whoever declined knows; their other devices were told that it is handled.
                let decliner = events.iter().find_map(|event| match event {
                    Event::Declined { user, .. } => Some(*user),
                    _ => None,
                });
                let to = vec![Audience::Users(self.everyone_but(decliner))];
                return Notice { to, message: ServerMessage::CallDeclined { call } };
            }
            CallStatus::Canceled => ServerMessage::CallCanceled { call },
            CallStatus::Missed => ServerMessage::CallTimedOut { call },
            CallStatus::Busy => ServerMessage::CallBusy { call },
            CallStatus::Failed => ServerMessage::CallFailed { call },
            _ => ServerMessage::CallEnded { call },
        };
        Notice { to: self.all(), message }
    }

    fn all(&self) -> Vec<Audience> {
        vec![Audience::Users(self.everyone_but(None))]
    }

    fn everyone_but(&self, but: Option<UserId>) -> Vec<UserId> {
        let last_words = |seat: &Seat| !seat.hidden && self.sent_away.contains(&seat.user_id);
        let seats = self.roster.record.participants.iter();
        let heard = seats.filter(|seat| hears(seat) || last_words(seat));
        heard.map(|seat| seat.user_id).filter(|id| Some(*id) != but).collect()
    }
}

fn participant(seat: &Seat, faces: &Faces) -> Participant {
    Participant {
        user: person(seat.user_id, faces),
        role: seat.role,
        status: seat.status,
        device_id: seat.device_id,
        media: seat.media,
        mutes: seat.mutes,
    }
}

fn person(id: UserId, faces: &Faces) -> UserSummary {
    faces.get(&id).cloned().unwrap_or_else(|| UserSummary::named(id, ""))
}
