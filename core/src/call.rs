//! The life of a call: the authoritative machine, which the server runs on one stored record.
//!
//! ```text
//! initiated ─► ringing ─► connecting ─► connected ◄─► reconnecting
//!     │           │            │            │               │
//!     │           │            │            └──► ended ◄────┤  left, everyone left, ended by the host, time over
//!     │           │            └──► failed ◄────────────────┘  no media in time, or lost for too long
//!     └───────────┴──► declined | missed | canceled | busy
//! ```
//!
//! A direct call needs both of its people. A group call lives while somebody is in it. People come and go,
//! and a person who is alone in it has a while to be joined. Its host may moderate and end it; when the host
//! goes, somebody else becomes host.
//!
//! The machine decides about one call. The server has decided before that a person may call another, and that
//! the conversation has no other live call. [`audience`] decides who hears of the events.

pub mod audience;
mod event;
mod message;
mod moderate;
mod reach;
mod record;
mod ring;
mod room;
mod settle;
#[cfg(test)]
mod tests;

pub use audience::{Audience, News, Notice};
pub use event::{Callee, Event, Input, Reach, Rejected, Start};
pub use record::{Record, Rules, Seat};

use crate::time::{Timestamp, earliest};
use parley_protocol::{
    DeviceId, UserId,
    call::{CallMode, CallStatus, OwnMedia, Role},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    record: Record,
    rules: Rules,
    events: Vec<Event>,
}

type Outcome = Result<(), Rejected>;

impl Call {
    /// Starts a call, and returns it with its first events.
    pub fn start(now: Timestamp, rules: Rules, start: &Start) -> (Self, Vec<Event>) {
        let until = now + rules.ring;
        let mut host = Seat::invited(start.user, false, now, until);
        host.come_in(now, start.device, start.media);
        host.role = Role::Host;
        let callees = start
            .callees
            .iter()
            .map(|callee| Seat::invited(callee.user, callee.reach == Reach::Silent, now, until));
        let record = Record {
            id: start.id,
            conversation_id: start.conversation_id,
            initiator_id: start.user,
            call_type: start.call_type,
            mode: start.mode,
            engine: start.engine,
            status: CallStatus::Initiated,
            version: 1,
            created_at: now,
            ring_deadline: until,
            connect_deadline: None,
            alone_deadline: None,
            plan: start.plan,
            max_duration: start.max_duration,
            warned: false,
            capacity: start.capacity,
            accepted_at: None,
            connected_at: None,
            ended_at: None,
            end_reason: None,
            participants: std::iter::once(host).chain(callees).collect(),
        };
        let mut call = Self { record, rules, events: vec![Event::Started] };
        for callee in start.callees.iter().filter(|callee| callee.reach == Reach::Busy) {
            call.pass_over(now, callee.user);
        }
        let events = std::mem::take(&mut call.events);
        (call, events)
    }

    /// Rebuilds the machine from a stored record.
    pub fn restore(record: Record, rules: Rules) -> Self {
        Self { record, rules, events: Vec::new() }
    }

    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Applies an input and returns the events that it caused, in order. Without events nothing has changed;
    /// with any, the version has grown by one.
    pub fn handle(&mut self, now: Timestamp, input: Input) -> Result<Vec<Event>, Rejected> {
        self.apply(now, input.actor(), |call| call.decide(now, input))
    }

    /// Asks more people to come. People who are in the call, or are being rung already, are skipped.
    pub fn invite(&mut self, now: Timestamp, by: UserId, callees: &[Callee]) -> Result<Vec<Event>, Rejected> {
        self.apply(now, Some(by), |call| call.ask(now, by, callees))
    }

    /// Handles a start of a call in a conversation where this one lives. Two people who call each other both
    /// want to talk, so the second start counts as the answer. Anybody else is refused, because a call is in
    /// progress.
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

    /// Returns the time when [`Input::Tick`] is due; `None` in a call that is over.
    pub fn deadline(&self) -> Option<Timestamp> {
        let record = &self.record;
        if !record.status.is_live() {
            return None;
        }
        let call = earliest(earliest(record.connect_deadline, record.alone_deadline), self.time_over());
        record.participants.iter().fold(call, |due, seat| {
            earliest(due, earliest(seat.ring_deadline, earliest(seat.media_deadline, seat.socket_deadline)))
        })
    }

    /// Returns the time to warn of the end of the longest duration or, after the warning, of that end itself.
    fn time_over(&self) -> Option<Timestamp> {
        let ends_at = self.record.ends_at()?;
        let early = i64::try_from(self.rules.warning.as_millis()).unwrap_or(i64::MAX);
        Some(if self.record.warned { ends_at } else { Timestamp(ends_at.0.saturating_sub(early)) })
    }

    /// Runs a decision, and derives deadlines and version from it. A person without a seat is refused, and so
    /// is any decision about a call that is over.
    fn apply(
        &mut self,
        now: Timestamp,
        actor: Option<UserId>,
        decide: impl FnOnce(&mut Self) -> Outcome,
    ) -> Result<Vec<Event>, Rejected> {
        if let Some(user) = actor {
            self.record.seat(user).ok_or(Rejected::NotInRoster)?;
        }
        if !self.record.status.is_live() {
            return Err(Rejected::Over);
        }
        let decided = decide(self);
        // The events are taken even if the decision was refused, so that none is left for the next one.
        let events = std::mem::take(&mut self.events);
        decided?;
        if !events.is_empty() {
            self.settle_deadlines(now);
            self.record.version += 1;
        }
        Ok(events)
    }

    fn decide(&mut self, now: Timestamp, input: Input) -> Outcome {
        match input {
            Input::RingAck { user, device } => self.ring_ack(user, device),
            Input::Accept { user, device, media } => self.accept(now, user, device, media),
            Input::Join { user, device, media } => self.join(now, user, device, media),
            Input::Decline { user, device } => self.decline(now, user, device),
            Input::Cancel { user, device } => self.cancel(now, user, device),
            Input::Leave { user, device } => self.leave(now, user, device),
            Input::End { user } => self.end(now, user),
            Input::Media { user, device, state } => self.media(now, user, device, state),
            Input::Update { user, device, change } => self.update(user, device, change),
            Input::Mute { by, user } => self.mute(by, user),
            Input::Kick { by, user } => self.kick(now, by, user),
            Input::SetRole { by, user, role } => self.set_role(by, user, role),
            Input::Remove { user } => self.remove(now, user),
            Input::Silence { user } => self.silence(user),
            Input::SocketGone { user, device } => self.socket_gone(now, user, device),
            Input::SocketBack { user, device } => self.socket_back(user, device),
            Input::Tick => {
                self.tick(now);
                Ok(())
            }
        }
    }

    fn is_group(&self) -> bool {
        self.record.mode == CallMode::Group
    }

    fn seat_mut(&mut self, user: UserId) -> Result<&mut Seat, Rejected> {
        self.record.participants.iter_mut().find(|s| s.user_id == user).ok_or(Rejected::NotInRoster)
    }
}
