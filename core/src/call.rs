//! The life of a call: the authoritative machine, run by the server on one stored record.
//!
//! ```text
//! initiated ─► ringing ─► connecting ─► connected ◄─► reconnecting
//!     │           │            │            │               │
//!     │           │            │            └──► ended ◄────┤  left, everyone left, ended by the host
//!     │           │            └──► failed ◄────────────────┘  no media in time, or lost for too long
//!     └───────────┴──► declined | missed | canceled | busy
//! ```
//!
//! It decides about one call. Whether a person may call another, and that a conversation has one live
//! call, is decided before it is asked; who hears of its events is decided by the server's wire file.

mod event;
mod record;
mod settle;
#[cfg(test)]
mod tests;

pub use event::{Callee, Event, Input, Rejected, Start};
pub use record::{Record, Rules, Seat};

use crate::time::{Timestamp, earliest};
use parley_protocol::{
    DeviceId, UserId,
    call::{CallMode, CallStatus, EndReason, MediaState, OwnMedia, ParticipantStatus, Role},
};

/// Most devices of one person that can ring for one call.
const RINGING_DEVICES_MAX: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    record: Record,
    rules: Rules,
    events: Vec<Event>,
}

type Outcome = Result<(), Rejected>;

impl Call {
    /// A new call, and what to tell about it.
    pub fn start(now: Timestamp, rules: Rules, start: &Start) -> (Self, Vec<Event>) {
        let mut host = Seat::new(start.user, Role::Host, ParticipantStatus::Connecting, now);
        host.device_id = Some(start.device);
        host.joined_at = Some(now);
        host.media = start.media;
        let callees = start
            .callees
            .iter()
            .map(|callee| Seat::new(callee.user, Role::Participant, ParticipantStatus::Invited, now));
        let record = Record {
            id: start.id,
            conversation_id: start.conversation_id,
            initiator_id: start.user,
            call_type: start.call_type,
            mode: start.mode,
            status: CallStatus::Initiated,
            version: 1,
            created_at: now,
            ring_deadline: now + rules.ring,
            connect_deadline: None,
            accepted_at: None,
            connected_at: None,
            ended_at: None,
            end_reason: None,
            participants: std::iter::once(host).chain(callees).collect(),
        };
        let mut call = Self { record, rules, events: vec![Event::Started] };
        for callee in start.callees.iter().filter(|callee| callee.busy) {
            call.give_up_on(now, callee.user, ParticipantStatus::Busy);
        }
        let events = std::mem::take(&mut call.events);
        (call, events)
    }

    pub fn restore(record: Record, rules: Rules) -> Self {
        Self { record, rules, events: Vec::new() }
    }

    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The events that the input caused, in order; none when it changed nothing. The version has grown
    /// if there are any.
    pub fn handle(&mut self, now: Timestamp, input: Input) -> Result<Vec<Event>, Rejected> {
        let decided = self.decide(now, input);
        let events = std::mem::take(&mut self.events);
        decided?;
        if !events.is_empty() {
            self.record.version += 1;
        }
        Ok(events)
    }

    /// Somebody starts a call where this one lives. Two who call each other both want to talk, so the
    /// second is taken as the answer; to anybody else it is a call in progress.
    pub fn start_again(
        &mut self,
        now: Timestamp,
        user: UserId,
        device: DeviceId,
        media: OwnMedia,
    ) -> Result<Vec<Event>, Rejected> {
        let seat = self.record.seat(user).ok_or(Rejected::NotInRoster)?;
        if !seat.is_pending() {
            return Err(Rejected::InProgress);
        }
        self.handle(now, Input::Accept { user, device, media })
    }

    /// When [`Input::Tick`] is due. Nothing is due in a call that is over.
    pub fn deadline(&self) -> Option<Timestamp> {
        let record = &self.record;
        if !record.status.is_live() {
            return None;
        }
        let ring = record.participants.iter().any(Seat::is_pending).then_some(record.ring_deadline);
        record.participants.iter().fold(earliest(ring, record.connect_deadline), |due, seat| {
            earliest(due, earliest(seat.media_deadline, seat.socket_deadline))
        })
    }

    fn decide(&mut self, now: Timestamp, input: Input) -> Outcome {
        if let Some(user) = input_user(&input) {
            self.record.seat(user).ok_or(Rejected::NotInRoster)?;
        }
        if !self.record.status.is_live() {
            return Err(Rejected::Over);
        }
        match input {
            Input::RingAck { user, device } => self.ring_ack(user, device),
            Input::Accept { user, device, media } => self.accept(now, user, device, media),
            Input::Decline { user, device } => self.decline(now, user, device),
            Input::Cancel { user, device } => self.cancel(now, user, device),
            Input::Leave { user, device } => self.leave(now, user, device),
            Input::End { user } => self.end(now, user),
            Input::Media { user, device, state } => self.media(now, user, device, state),
            Input::Update { user, device, media } => self.update(user, device, media),
            Input::SocketGone { user, device } => self.socket_gone(now, user, device),
            Input::SocketBack { user, device } => self.socket_back(user, device),
            Input::Tick => {
                self.tick(now);
                Ok(())
            }
        }
    }

    fn ring_ack(&mut self, user: UserId, device: DeviceId) -> Outcome {
        let seat = self.seat_mut(user)?;
        if !seat.is_pending() {
            return Err(Rejected::HandledElsewhere);
        }
        if seat.ringing_on.contains(&device) {
            return Ok(());
        }
        if seat.ringing_on.len() == RINGING_DEVICES_MAX {
            return Err(Rejected::NotNow);
        }
        seat.status = ParticipantStatus::Ringing;
        seat.ringing_on.push(device);
        if self.record.status == CallStatus::Initiated {
            self.record.status = CallStatus::Ringing;
        }
        self.events.push(Event::Ringing { user, device });
        Ok(())
    }

    fn accept(&mut self, now: Timestamp, user: UserId, device: DeviceId, media: OwnMedia) -> Outcome {
        let connect = self.rules.connect;
        let seat = self.seat_mut(user)?;
        if seat.is_in_on(device) && seat.role != Role::Host {
            return Ok(());
        }
        if !seat.is_pending() {
            return Err(Rejected::HandledElsewhere);
        }
        seat.status = ParticipantStatus::Connecting;
        seat.device_id = Some(device);
        seat.ringing_on.clear();
        seat.joined_at = Some(now);
        seat.media = media;
        if self.record.status.is_unanswered() {
            self.record.status = CallStatus::Connecting;
            self.record.accepted_at = Some(now);
            self.record.connect_deadline = Some(now + connect);
            self.widen_caller_grace(now);
        }
        self.events.push(Event::Accepted { user, device });
        Ok(())
    }

    fn decline(&mut self, now: Timestamp, user: UserId, device: DeviceId) -> Outcome {
        let seat = self.seat_mut(user)?;
        match seat.status {
            ParticipantStatus::Invited | ParticipantStatus::Ringing => {
                self.events.push(Event::Declined { user, device });
                self.give_up_on(now, user, ParticipantStatus::Declined);
                Ok(())
            }
            ParticipantStatus::Declined => Ok(()),
            _ => Err(Rejected::HandledElsewhere),
        }
    }

    /// A caller who cancels at the moment of the answer still wants out.
    fn cancel(&mut self, now: Timestamp, user: UserId, device: DeviceId) -> Outcome {
        if user == self.record.initiator_id { self.leave(now, user, device) } else { Err(Rejected::NotNow) }
    }

    fn leave(&mut self, now: Timestamp, user: UserId, device: DeviceId) -> Outcome {
        let unanswered = self.record.status.is_unanswered();
        let seat = self.seat_mut(user)?;
        if !seat.is_in_on(device) {
            // A tab that only rang, or lost the race: the person's other devices go on.
            return Ok(());
        }
        if unanswered {
            self.over(now, CallStatus::Canceled, EndReason::Canceled);
        } else {
            self.depart(now, user, EndReason::Completed);
        }
        Ok(())
    }

    fn end(&mut self, now: Timestamp, user: UserId) -> Outcome {
        let seat = self.seat_mut(user)?;
        let may = seat.status.is_in();
        let host = matches!(seat.role, Role::Host | Role::CoHost);
        match self.record.mode {
            _ if !may => Err(Rejected::NotNow),
            _ if self.record.status.is_unanswered() => {
                self.over(now, CallStatus::Canceled, EndReason::Canceled);
                Ok(())
            }
            CallMode::Direct => {
                self.depart(now, user, EndReason::Completed);
                Ok(())
            }
            CallMode::Group if host => {
                self.over(now, CallStatus::Ended, EndReason::HostEnded);
                Ok(())
            }
            CallMode::Group => Err(Rejected::NotNow),
        }
    }

    fn media(&mut self, now: Timestamp, user: UserId, device: DeviceId, state: MediaState) -> Outcome {
        let grace = now + self.rules.reconnect;
        if self.record.status.is_unanswered() {
            return Err(Rejected::NotNow);
        }
        let seat = self.seat_mut(user)?;
        if !seat.is_in_on(device) {
            return Err(Rejected::NotNow);
        }
        match (state, seat.status) {
            (MediaState::Connected, ParticipantStatus::Connecting | ParticipantStatus::Reconnecting) => {
                seat.status = ParticipantStatus::Connected;
                seat.media_deadline = None;
                self.settle_status(now);
                self.events.push(Event::MediaConnected { user });
            }
            (MediaState::Lost, ParticipantStatus::Connected) => {
                seat.status = ParticipantStatus::Reconnecting;
                seat.media_deadline = Some(grace);
                self.settle_status(now);
                self.events.push(Event::MediaLost { user });
            }
            _ => {}
        }
        Ok(())
    }

    fn update(&mut self, user: UserId, device: DeviceId, media: OwnMedia) -> Outcome {
        let seat = self.seat_mut(user)?;
        if !seat.is_in_on(device) {
            return Err(Rejected::NotNow);
        }
        if seat.media != media {
            seat.media = media;
            self.events.push(Event::Updated { user });
        }
        Ok(())
    }

    fn socket_gone(&mut self, now: Timestamp, user: UserId, device: DeviceId) -> Outcome {
        let unanswered = self.record.status.is_unanswered();
        let grace = if unanswered { self.rules.caller_gone } else { self.rules.reconnect };
        let seat = self.seat_mut(user)?;
        if seat.is_in_on(device) && seat.socket_deadline.is_none() {
            seat.socket_deadline = Some(now + grace);
            self.events.push(Event::SocketGone { user });
        }
        Ok(())
    }

    fn socket_back(&mut self, user: UserId, device: DeviceId) -> Outcome {
        let seat = self.seat_mut(user)?;
        if seat.is_in_on(device) && seat.socket_deadline.take().is_some() {
            self.events.push(Event::SocketBack { user });
        }
        Ok(())
    }

    fn seat_mut(&mut self, user: UserId) -> Result<&mut Seat, Rejected> {
        self.record.participants.iter_mut().find(|s| s.user_id == user).ok_or(Rejected::NotInRoster)
    }
}

fn input_user(input: &Input) -> Option<UserId> {
    match *input {
        Input::RingAck { user, .. }
        | Input::Accept { user, .. }
        | Input::Decline { user, .. }
        | Input::Cancel { user, .. }
        | Input::Leave { user, .. }
        | Input::End { user }
        | Input::Media { user, .. }
        | Input::Update { user, .. }
        | Input::SocketGone { user, .. }
        | Input::SocketBack { user, .. } => Some(user),
        Input::Tick => None,
    }
}
