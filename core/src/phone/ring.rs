//! The phase before the room: starting a call, ringing, answering, declining.

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
    /// Starts a call, or joins one that is running.
    pub(super) fn start(&mut self, wish: Wish, joins: Option<CallId>) {
        if !matches!(self.state, State::Idle | State::Over(_)) {
            return;
        }
        // A leave of this call that is still to be repeated would throw the returning device out again.
        let outdated =
            |said: &ApiCommand| matches!(said, ApiCommand::Leave { call_id, .. } if joins == Some(*call_id));
        self.unsent.retain(|said| !outdated(said));
        let video = wish.call_type == CallType::Video;
        let (conversation_id, call_type) = (wish.conversation_id, wish.call_type);
        // The state comes first: if the start is refused below, `finish` takes the names for its screen from
        // it.
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
                // If only the answer was lost, the call is alive: the list of live calls shows it, and it is
                // left. If the other side has called meanwhile, its invitation is among the early messages.
                self.ask_active();
                return self.replay(now, early);
            }
        };
        if abandoned {
            // The person hung up before the id of the call was known. The leave is due here.
            self.state = State::Idle;
            return self.say_leave(access.call.id);
        }
        let answered = !access.call.status.is_unanswered();
        let live = access.call.status.is_live();
        let stop_at = ring_end(now, &access.call);
        if live {
            // Only the initiator offers to everybody. A device that joins, or whose start was taken as the
            // answer to the other side's call, has to answer offers as well, so no connection may be made to
            // offer.
            let offers = access.call.initiator_id == self.me;
            self.outputs.push_back(Output::Prepare { ice: access.ice.clone(), offers });
        }
        self.state = State::Outgoing(Ring { call: access.call, with, ice: access.ice, stop_at });
        if !live {
            let outcome = self.call().map_or(Outcome::Ended, |call| super::outcome(call, self.me));
            return self.finish(now, outcome);
        }
        if answered {
            // The call was running already, or both people called at the same moment and the server took this
            // start as the answer to the other call.
            self.enter_room(now);
        }
        self.announce();
        self.replay(now, early);
    }

    /// Handles the messages that overtook the answer to a start, in their order.
    fn replay(&mut self, now: Instant, early: Vec<parley_protocol::ServerMessage>) {
        for message in early {
            self.handle(now, Input::Server(message));
        }
    }

    fn refused(&mut self, code: Option<ErrorCode>) {
        // Before the room there is no duration to compute, so the time does not matter.
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
            // The server repeats an invitation after the socket was away.
            State::Incoming(ring) if ring.call.id == call_id => self.absorb(now, call),
            // This device is in that call already, and has nothing to confirm.
            State::Outgoing(ring) if ring.call.id == call_id => return,
            State::Room(room) if room.call.id == call_id => return,
            _ if !self.takes_as_waiting(call_id) => return,
            _ => self.waiting = Some(Ring { call, with: caller, ice, stop_at }),
        }
        self.outputs.push_back(Output::Send(ClientMessage::RingAck { call_id }));
    }

    /// Connects to a device that rings, so that after its person's click only the tracks are missing.
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

    /// Takes a ringing device into the room; nothing else does. `other` is the instruction for the call that
    /// it was answered from.
    pub(super) fn answer(&mut self, now: Instant, with_video: bool, other: Option<OtherCall>) {
        let State::Incoming(Ring { call, .. }) = &self.state else { return };
        let call_id = call.id;
        let video = with_video && call.call_type == CallType::Video;
        self.go_in();
        if let State::Room(room) = &mut self.state {
            room.other = other;
        }
        for device in self.lines.keys() {
            // If the lines were opened while it rang, the caller hears of the answer without the detour over
            // the server.
            self.outputs.push_back(Output::Data(*device, DataMessage::Accept { call_id }));
        }
        // The devices are acquired below, so the own state does not show yet that they are wanted.
        self.send_accept(OwnMedia { video, ..OwnMedia::default() });
        self.await_caller(now);
        self.acquire(true, video);
        self.send_to_present();
        self.note_up(now);
    }

    /// Opens the line to the caller's device without waiting for its offer, if there was none while it rang.
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
            // The room was left meanwhile. See below for the call that a refused accept was to leave.
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
                // If the accept was also to leave another call, the server still counts this device in there.
                // The list of live calls shows it, and that call is left.
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

    /// Ends a ring that another device of this person, or a block, has settled.
    pub(super) fn handled_elsewhere(&mut self, now: Instant, call: &Call, how: HandledHow) {
        if self.waiting.as_ref().is_some_and(|ring| ring.call.id == call.id) {
            self.stop_waiting();
            return self.note_out(call);
        }
        if self.call().is_none_or(|known| known.id != call.id) || matches!(self.state, State::Outgoing(_)) {
            return;
        }
        match (how, &self.state) {
            // A person who has blocked the caller needs no screen about the end of this call.
            (HandledHow::Silenced, _) => {
                self.hang_up();
                self.state = State::Idle;
            }
            (HandledHow::Declined, _) => self.finish(now, Outcome::DeclinedElsewhere),
            (HandledHow::Accepted, State::Incoming(_)) => self.finish(now, Outcome::AnsweredElsewhere),
            // A device that has answered learns from its own accept request whether it was the first.
            (HandledHow::Accepted, _) => {}
        }
    }
}

/// Returns the end of a ring on this device's clock. The server's times are only subtracted from one another,
/// because the two clocks may differ.
fn ring_end(now: Instant, call: &Call) -> Instant {
    now + call.ring_deadline.since(call.created_at) + RING_SLACK
}
