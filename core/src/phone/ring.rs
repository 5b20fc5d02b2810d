//! Before the room: starting a call, ringing, answering, refusing.

use super::{
    ApiCommand, ApiError, Input, Outcome, Output, Over, Phone, RETRY, RING_SLACK, Ring, Starting, State, Wish,
};
use crate::time::{Duration, Instant};
use parley_protocol::{
    CallId, ClientMessage, DeviceId, ErrorCode, UserId,
    call::{Call, CallType, OwnMedia},
    data::DataMessage,
    limits::PRECONNECT_MAX,
    people::UserSummary,
    rest::{CallAccess, IceConfig, OtherCall},
    ws::HandledHow,
};

impl Phone {
    /// Starts a call, or comes into one that goes on.
    pub(super) fn start(&mut self, wish: Wish, joins: Option<CallId>) {
        if !matches!(self.state, State::Idle | State::Over(_)) {
            return;
        }
        // Whoever comes back does not want to be heard leaving any more.
        let outdated =
            |said: &ApiCommand| matches!(said, ApiCommand::Leave { call_id, .. } if joins == Some(*call_id));
        self.unsaid.retain(|said| !outdated(said));
        let video = wish.call_type == CallType::Video;
        let (conversation_id, call_type) = (wish.conversation_id, wish.call_type);
        self.state = State::Starting(Starting { wish, joins, abandoned: false, early: Vec::new() });
        let Some(device_id) = self.device.filter(|_| self.online) else {
            return self.refused(None);
        };
        self.acquire(true, video);
        let media = OwnMedia { video, ..OwnMedia::default() };
        self.outputs.push_back(Output::Api(match joins {
            Some(call_id) => ApiCommand::Join { call_id, device_id, media },
            None => ApiCommand::Start { conversation_id, call_type, device_id, media },
        }));
    }

    pub(super) fn again(&mut self) {
        if let State::Over(over) = &self.state {
            let Over { with, conversation_id, call_type, goes_on, .. } = over.clone();
            self.start(Wish { conversation_id, with, call_type }, goes_on);
        }
    }

    pub(super) fn started(&mut self, now: Instant, result: Result<CallAccess, ApiError>) {
        let State::Starting(starting) = &mut self.state else { return };
        let abandoned = starting.abandoned;
        let with = starting.wish.with.clone();
        let early = std::mem::take(&mut starting.early);
        let access = match result {
            Ok(access) => access,
            Err(error) => {
                if abandoned {
                    self.state = State::Idle;
                } else {
                    self.refused(error.code);
                }
                // The answer may have been lost, and the call be alive: or theirs rings here.
                self.ask_active();
                return self.replay(now, early);
            }
        };
        if abandoned {
            self.state = State::Idle;
            return self.say_leave(access.call.id);
        }
        let answered = !access.call.status.is_unanswered();
        let live = access.call.status.is_live();
        let stop_at = ring_end(now, &access.call);
        if live {
            // Whoever comes in, or has called at the same moment as the other, is called first by some.
            let offers = access.call.initiator_id == self.me;
            self.outputs.push_back(Output::Prepare { ice: access.ice.clone(), offers });
        }
        self.state = State::Outgoing(Ring { call: access.call, with, ice: access.ice, stop_at });
        if !live {
            let outcome = self.call().map_or(Outcome::Ended, |call| super::outcome(call, self.me));
            return self.finish(now, outcome);
        }
        if answered {
            // It goes on already; or both called at the same moment, and this start was taken as the answer to theirs.
            self.enter_room(now);
        }
        self.announce();
        self.replay(now, early);
    }

    fn replay(&mut self, now: Instant, early: Vec<parley_protocol::ServerMessage>) {
        for message in early {
            self.handle(now, Input::Server(message));
        }
    }

    fn refused(&mut self, code: Option<ErrorCode>) {
        self.finish(Instant::default(), Outcome::Refused(code));
    }

    pub(super) fn incoming(
        &mut self,
        now: Instant,
        call: Call,
        caller: UserSummary,
        ice: IceConfig,
        ring_ms: u32,
    ) {
        let pending = call.participant(self.me).is_some_and(|seat| seat.status.is_pending());
        if !pending || !call.status.is_live() || self.is_gone(&call) {
            return;
        }
        let call_id = call.id;
        let stop_at = now + Duration::from_millis(ring_ms.into()) + RING_SLACK;
        match &self.state {
            State::Idle | State::Over(_) => {
                self.outputs.push_back(Output::Prepare { ice: ice.clone(), offers: false });
                self.state = State::Incoming(Ring { call, with: caller, ice, stop_at });
            }
            // Told again, because the socket or the server was away.
            State::Incoming(ring) if ring.call.id == call_id => self.absorb(now, call),
            State::Outgoing(ring) if ring.call.id == call_id => return,
            State::Room(room) if room.call.id == call_id => return,
            _ if !self.takes_as_waiting(call_id) => return,
            _ => self.waiting = Some(Ring { call, with: caller, ice, stop_at }),
        }
        self.outputs.push_back(Output::Send(ClientMessage::RingAck { call_id }));
    }

    /// Connects to a device that rings, so that nothing but the click is missing.
    pub(super) fn preconnect(&mut self, now: Instant, user: UserId, device: DeviceId) {
        let State::Outgoing(ring) = &self.state else { return };
        let wanted = ring.ice.preconnect
            && user != self.me
            && ring.call.participant(user).is_some()
            && self.lines.len() < PRECONNECT_MAX
            && !self.lines.contains_key(&device);
        if wanted {
            let ice = ring.ice.clone();
            self.open(now, device, user, ice);
        }
    }

    /// The one way into a room for a device that rings. `other` is what becomes of the call that it comes from.
    pub(super) fn answer(&mut self, now: Instant, with_video: bool, other: Option<OtherCall>) {
        let State::Incoming(Ring { call, .. }) = &self.state else { return };
        let call_id = call.id;
        let video = with_video && call.call_type == CallType::Video;
        self.go_in();
        if let State::Room(room) = &mut self.state {
            room.other = other;
        }
        for device in self.lines.keys() {
            self.outputs.push_back(Output::Data(*device, DataMessage::Accept { call_id }));
        }
        self.send_accept(OwnMedia { video, ..OwnMedia::default() });
        self.await_caller(now);
        self.acquire(true, video);
        self.send_to_present();
        self.note_up(now);
    }

    /// Opens the line to the caller's device before its offer is there, if it did not come while it rang.
    fn await_caller(&mut self, now: Instant) {
        let State::Room(room) = &self.state else { return };
        let ice = room.ice.clone();
        let initiator = room.call.initiator_id;
        let caller = room.call.participant(initiator).filter(|seat| seat.status.is_in());
        let caller = caller.and_then(|seat| seat.device_id);
        if let Some(device) = caller.filter(|device| !self.lines.contains_key(device)) {
            self.open(now, device, initiator, ice);
        }
    }

    pub(super) fn send_accept(&mut self, media: OwnMedia) {
        let State::Room(room) = &mut self.state else { return };
        room.accept_again_at = None;
        let Some(device_id) = self.device else { return };
        let (call_id, other) = (room.call.id, room.other);
        self.outputs.push_back(Output::Api(ApiCommand::Accept { call_id, device_id, media, other }));
    }

    pub(super) fn accepted(&mut self, now: Instant, id: CallId, result: Result<CallAccess, ApiError>) {
        let room = match &mut self.state {
            State::Room(room) if room.call.id == id => room,
            _ if result.is_err() => return self.ask_active(),
            _ => return,
        };
        match result {
            Ok(access) => {
                room.ice = access.ice;
                self.absorb(now, access.call);
                self.announce();
            }
            Err(error) if error.is_passing() => room.accept_again_at = Some(now + RETRY),
            Err(error) => {
                self.finish(
                    now,
                    match error.code {
                        Some(ErrorCode::AnsweredElsewhere) => Outcome::AnsweredElsewhere,
                        Some(ErrorCode::CallNotLive | ErrorCode::NotFound) => Outcome::Canceled,
                        code => Outcome::Refused(code),
                    },
                );
                // The call that it was to leave goes on for the server.
                self.ask_active();
            }
        }
    }

    pub(super) fn decline(&mut self) {
        if let State::Incoming(ring) = &self.state {
            let call_id = ring.call.id;
            if let Some(device_id) = self.device {
                self.outputs.push_back(Output::Api(ApiCommand::Decline { call_id, device_id }));
            }
            self.hang_up();
            self.state = State::Idle;
        }
    }

    pub(super) fn handled_elsewhere(&mut self, now: Instant, call: &Call, how: HandledHow) {
        if self.waiting.as_ref().is_some_and(|ring| ring.call.id == call.id) {
            self.stop_waiting();
            return self.note_out(call);
        }
        if self.call().is_none_or(|known| known.id != call.id) || matches!(self.state, State::Outgoing(_)) {
            return;
        }
        match (how, &self.state) {
            // Whoever blocked the caller needs no more words about it.
            (HandledHow::Silenced, _) => {
                self.hang_up();
                self.state = State::Idle;
            }
            (HandledHow::Declined, _) => self.finish(now, Outcome::DeclinedElsewhere),
            (HandledHow::Accepted, State::Incoming(_)) => self.finish(now, Outcome::AnsweredElsewhere),
            // A device that has answered hears from its own request how the race went.
            (HandledHow::Accepted, _) => {}
        }
    }
}

/// The limit of a ring as the server set it, counted on this device's clock.
fn ring_end(now: Instant, call: &Call) -> Instant {
    now + call.ring_deadline.since(call.created_at) + RING_SLACK
}
