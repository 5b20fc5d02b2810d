//! One device's side of calls: it rings, answers, and holds a connection to each remote device.
//!
//! ```text
//! idle ──► starting ──► outgoing ──┐
//!   │         └───── joins ────────┼──► room ──► over ──► idle
//!   └────► incoming ───────────────┘
//! ```
//!
//! The server's machine ([`crate::call`]) is the authority on a call. Each of its messages carries the whole
//! call with a version; this machine keeps the newest version and follows it.
//!
//! One decision is made here alone. A connection may be made while this device rings, but only its person's
//! answer ([`Intent::Answer`], [`Intent::AnswerWaiting`]) puts the microphone and camera on it. No message of
//! the server or of a remote device can do that, whatever it claims.

mod event;
mod lines;
mod memory;
mod own;
mod pacer;
mod projection;
mod reveal;
mod ring;
mod room;
#[cfg(test)]
mod tests;
mod updates;
mod view;
mod waiting;

pub use event::*;
pub use pacer::ConnectionPacer;
pub use reveal::RoomReveal;
pub use view::*;

use crate::time::{Duration, Instant, earliest};
use lines::{Generations, Line};
use own::OwnDevices;
use parley_protocol::{
    CallId, ConversationId, DeviceId, ServerMessage, UserId,
    call::{Call, CallMode, CallStatus, CallType, MediaState, ParticipantStatus},
    people::UserSummary,
    rest::{IceConfig, OtherCall},
};
use std::collections::{BTreeMap, VecDeque};
use updates::Updates;

/// The most server messages kept while the request that starts a call is unanswered.
const EARLY_MAX: usize = 64;
/// The pause before a request that failed for the moment is sent again.
const RETRY: Duration = Duration::from_millis(1_000);
/// The time that a ring may outlast the server's limit before this device ends it by itself.
const RING_SLACK: Duration = Duration::from_millis(3_000);
/// The most ended calls that are remembered, and the most reports that are kept for the server.
const GONE_MAX: usize = 16;

#[derive(Debug)]
pub struct Phone {
    me: UserId,
    /// The id that the server gave this device; kept while the socket is away.
    device: Option<DeviceId>,
    online: bool,
    state: State,
    /// A second call, which rings while this device is in one.
    waiting: Option<Ring>,
    own: OwnDevices,
    updates: Updates,
    lines: BTreeMap<DeviceId, Line>,
    generations: Generations,
    /// Leaves and declines that did not reach the server.
    unsent: Vec<ApiCommand>,
    /// The time to send `unsent` again, and to ask again for the live calls.
    again_at: Option<Instant>,
    /// The last calls that are over for this device, each with the newest version in which the server agreed.
    /// An invitation up to that version was overtaken by the end and does not ring; a newer one is a new
    /// invitation. Without a version no invitation to that call rings.
    gone: VecDeque<(CallId, Option<u32>)>,
    outputs: VecDeque<Output>,
}

#[derive(Debug)]
enum State {
    Idle,
    Starting(Starting),
    Outgoing(Ring),
    Incoming(Ring),
    Room(InRoom),
    Over(Over),
}

/// The time between the request to start or join a call and its answer.
#[derive(Debug)]
struct Starting {
    wish: Wish,
    /// The running call to join; `None` to start one.
    joins: Option<CallId>,
    /// Whether the person has already hung up.
    abandoned: bool,
    /// Server messages that overtook the answer; they are handled after it.
    early: Vec<ServerMessage>,
}

/// The parameters of a call that is started, or started again.
#[derive(Debug, Clone)]
struct Wish {
    conversation_id: ConversationId,
    with: UserSummary,
    call_type: CallType,
}

#[derive(Debug)]
struct Ring {
    call: Call,
    with: UserSummary,
    ice: IceConfig,
    /// The time at which this device ends the ring by itself, even if no message does.
    stop_at: Instant,
}

#[derive(Debug)]
struct InRoom {
    call: Call,
    with: UserSummary,
    ice: IceConfig,
    /// The time when media could first flow.
    since: Option<Instant>,
    /// The called device that accepted over its data channel, before the server said so.
    promised: Option<DeviceId>,
    /// The instruction for the call that this one was answered from.
    other: Option<OtherCall>,
    /// The time to send the accept again; set if the last attempt failed for the moment.
    accept_again_at: Option<Instant>,
    /// The state of the media path last reported to the server, and the version of the call at that time.
    reported: Option<(u32, MediaState)>,
    /// The count of mutes by others that this device has obeyed.
    mutes: u32,
}

impl Phone {
    pub fn new(me: UserId) -> Self {
        Self {
            me,
            device: None,
            online: false,
            state: State::Idle,
            waiting: None,
            own: OwnDevices::default(),
            updates: Updates::default(),
            lines: BTreeMap::new(),
            generations: Generations::default(),
            unsent: Vec::new(),
            again_at: None,
            gone: VecDeque::new(),
            outputs: VecDeque::new(),
        }
    }

    /// Applies one input. Its effects wait to be taken by [`Self::poll`].
    pub fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::User(intent) => self.intent(now, intent),
            Input::Online { device_id } => self.socket_up(now, device_id),
            Input::Offline => self.online = false,
            Input::Server(message) => self.server(now, message),
            Input::Started(result) => self.started(now, result),
            Input::Accepted(id, result) => self.accepted(now, id, result),
            Input::Told(said, result) => self.told(now, said, result),
            Input::Active { held, calls: Ok(calls) } => self.active(now, held, &calls),
            Input::Active { calls: Err(error), .. } => {
                self.again_at = error.is_passing().then(|| now + RETRY);
            }
            Input::Media(event) => self.media(event),
            Input::Peer(device, event) => self.line_event(now, device, event),
            Input::Data(device, message) => self.data(now, device, &message),
            Input::Tick => self.tick(now),
        }
        // Almost any input can change whether media flows, or which version of the call is known. So the
        // report to the server is derived from the state after each of them, and sent if the server's record
        // differs.
        self.sync_media_state();
    }

    /// Takes the next effect.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Returns the time when [`Input::Tick`] is due.
    pub fn deadline(&self) -> Option<Instant> {
        let own = match &self.state {
            State::Outgoing(ring) | State::Incoming(ring) => Some(ring.stop_at),
            State::Room(room) => room.accept_again_at,
            State::Idle | State::Starting(_) | State::Over(_) => None,
        };
        let own = earliest(own, self.waiting.as_ref().map(|ring| ring.stop_at));
        self.lines
            .values()
            .fold(earliest(own, self.again_at), |due, line| earliest(due, line.peer.deadline()))
    }

    /// Returns the call that ends for this device when its tab closes, and the device.
    pub fn holds(&self) -> Option<(CallId, DeviceId)> {
        match &self.state {
            State::Outgoing(ring) => Some((ring.call.id, self.device?)),
            State::Room(room) => Some((room.call.id, self.device?)),
            _ => None,
        }
    }

    fn intent(&mut self, now: Instant, intent: Intent) {
        match intent {
            Intent::Start { conversation_id, with, call_type } => {
                self.start(Wish { conversation_id, with, call_type }, None);
            }
            Intent::Join { call_id, conversation_id, with, call_type } => {
                self.start(Wish { conversation_id, with, call_type }, Some(call_id));
            }
            Intent::Answer { with_video } => self.answer(now, with_video, None),
            Intent::Decline => self.decline(),
            Intent::AnswerWaiting { with_video } => self.answer_waiting(now, with_video),
            Intent::DeclineWaiting => self.decline_waiting(),
            Intent::Leave => self.leave(now),
            Intent::ToggleMic => self.toggle_mic(),
            Intent::ToggleCamera => self.toggle_camera(),
            Intent::Share(on) => self.share(on),
            Intent::RaiseHand(up) => self.raise_hand(up),
            Intent::Again => self.again(),
            Intent::Dismiss => {
                if matches!(self.state, State::Over(_)) {
                    self.state = State::Idle;
                }
            }
        }
    }

    fn socket_up(&mut self, now: Instant, device_id: DeviceId) {
        let renamed = self.device.is_some_and(|known| known != device_id);
        self.device = Some(device_id);
        self.online = true;
        self.resend_unsent();
        if renamed && self.holds().is_some() {
            // The server has named this tab anew. The seat in the call belongs to the device it was before,
            // and cannot be claimed back.
            return self.finish(now, Outcome::Failed);
        }
        if let State::Room(room) = &mut self.state {
            // A report that was sent while the socket was going away may be lost.
            room.reported = None;
            if room.accept_again_at.is_some() {
                room.accept_again_at = Some(now);
            }
        }
        self.resend_all(now);
        self.ask_active();
    }

    fn server(&mut self, now: Instant, message: ServerMessage) {
        if let State::Starting(starting) = &mut self.state {
            // The socket can be faster than the answer to the request. Until that answer names the call,
            // anything that may be about it is kept: messages about the same conversation, and those that
            // carry only an id.
            let about_it = message.call().is_some_and(|c| c.conversation_id == starting.wish.conversation_id)
                || matches!(
                    message,
                    ServerMessage::CallSignal { .. } | ServerMessage::ParticipantUpdated { .. }
                );
            if about_it && starting.early.len() < EARLY_MAX {
                starting.early.push(message);
                return;
            }
        }
        match message {
            ServerMessage::CallIncoming { call, caller, ice, ring_ms } => {
                self.incoming(now, call, caller, ice, ring_ms);
            }
            ServerMessage::CallRinging { call, user_id, device_id } => {
                self.absorb(now, call);
                self.preconnect(now, user_id, device_id);
            }
            ServerMessage::CallHandledElsewhere { call, how } => self.handled_elsewhere(now, &call, how),
            ServerMessage::CallSignal { call_id, from_user, from_device, signal } => {
                self.signal(now, call_id, from_user, from_device, signal);
            }
            ServerMessage::ParticipantUpdated { call_id, version, participant } => {
                self.update(call_id, version, &participant);
            }
            ServerMessage::CallAccepted { call, .. }
            | ServerMessage::CallDeclined { call }
            | ServerMessage::CallBusy { call }
            | ServerMessage::CallCanceled { call }
            | ServerMessage::CallTimedOut { call }
            | ServerMessage::CallEnded { call }
            | ServerMessage::CallFailed { call }
            | ServerMessage::CallState { call } => self.absorb(now, call),
            _ => {}
        }
    }

    /// Applies the server's state of a call, if this device is concerned with it and the version is newer.
    fn absorb(&mut self, now: Instant, mut call: Call) {
        let me = self.me;
        let device = self.device;
        if !call.status.is_live() {
            self.mark_gone(call.id);
        }
        if self.absorb_waiting(&call) {
            return;
        }
        match self.call().filter(|known| known.id == call.id).map(|known| known.version) {
            // A call that is over here, or was never here: only the server's agreement is noted.
            None => return self.note_out(&call),
            Some(known) if call.version <= known => return,
            // A single update may have overtaken this older state of the whole call.
            Some(_) => self.updates.reapply(&mut call),
        }
        let Some(known) = self.call_mut(call.id) else { return };
        *known = call;
        let status = known.status;
        let outcome = outcome(known, me);
        let seat = known.participant(me);
        let mine = seat.and_then(|seat| seat.device_id);
        let is_out = seat.is_none_or(|seat| is_out(seat.status));
        let declined = seat.is_some_and(|seat| seat.status == ParticipantStatus::Declined);
        if !status.is_live() {
            return self.finish(now, outcome);
        }
        match &self.state {
            State::Outgoing(_) if !status.is_unanswered() => self.enter_room(now),
            // Another device of this person has answered. A seat that names this very device changes nothing:
            // only its person's click takes it into the room, whatever the server claims.
            State::Incoming(_) if mine.is_some() && mine != device => {
                self.finish(now, Outcome::AnsweredElsewhere);
            }
            // The others go on without this person.
            State::Incoming(_) if is_out => {
                self.finish(now, if declined { Outcome::DeclinedElsewhere } else { Outcome::Missed });
            }
            // Another device of this person was faster to answer, or has taken over the seat. A state that is
            // still unanswered decides nothing in the room: it only means that the accept of this device is
            // under way.
            State::Room(_) if !status.is_unanswered() && mine.is_some() && mine != device => {
                self.finish(now, Outcome::AnsweredElsewhere);
            }
            State::Room(_) if !status.is_unanswered() && is_out => self.finish(now, Outcome::Ended),
            State::Room(_) if !status.is_unanswered() => {
                self.obey_mute();
                self.connect_room(now);
            }
            _ => {}
        }
        self.announce();
    }

    fn tick(&mut self, now: Instant) {
        self.tick_lines(now);
        self.tick_waiting(now);
        if self.again_at.is_some_and(|at| at <= now) {
            self.again_at = None;
            // Without a socket the server is out of reach; `socket_up` does the same once it is back.
            if self.online {
                self.resend_unsent();
                self.ask_active();
            }
        }
        match &self.state {
            State::Outgoing(ring) if ring.stop_at <= now => self.finish(now, Outcome::NoAnswer),
            State::Incoming(ring) if ring.stop_at <= now => {
                self.finish(now, Outcome::Missed);
                // The server should have ended this ring. If it counts this device as in the call, the answer
                // to this question shows it, and the call is left.
                self.ask_active();
            }
            State::Room(room) if room.accept_again_at.is_some_and(|at| at <= now) => {
                let media = self.own.media();
                self.send_accept(media);
            }
            _ => {}
        }
    }

    /// Ends the call here and shows its outcome. A waiting call then rings.
    fn finish(&mut self, now: Instant, outcome: Outcome) {
        let over = match &self.state {
            State::Starting(Starting { wish, .. }) => Over {
                with: wish.with.clone(),
                conversation_id: wish.conversation_id,
                call_type: wish.call_type,
                outcome,
                seconds: None,
                goes_on: None,
            },
            State::Outgoing(Ring { call, with, .. }) | State::Incoming(Ring { call, with, .. }) => {
                over(call, with, outcome, None)
            }
            State::Room(room) => {
                let local = room.since.map(|since| now.since(since).as_secs());
                over(&room.call, &room.with, outcome, local.and_then(|s| u32::try_from(s).ok()))
            }
            State::Idle | State::Over(_) => return,
        };
        self.hang_up();
        self.state = State::Over(over);
        self.ring_waiting();
    }

    /// Closes all connections, and releases microphone and camera: the camera light goes out.
    fn hang_up(&mut self) {
        if let Some(call) = self.call().cloned() {
            // An invitation to this call that is still on its way must not ring.
            self.mark_gone(call.id);
            self.note_out(&call);
        }
        self.updates.clear();
        for device in std::mem::take(&mut self.lines).into_keys() {
            self.outputs.push_back(Output::Close(device));
        }
        self.release_devices();
    }

    fn call(&self) -> Option<&Call> {
        match &self.state {
            State::Outgoing(ring) | State::Incoming(ring) => Some(&ring.call),
            State::Room(room) => Some(&room.call),
            State::Idle | State::Starting(_) | State::Over(_) => None,
        }
    }

    fn call_mut(&mut self, id: CallId) -> Option<&mut Call> {
        match &mut self.state {
            State::Outgoing(ring) | State::Incoming(ring) if ring.call.id == id => Some(&mut ring.call),
            State::Room(room) if room.call.id == id => Some(&mut room.call),
            _ => None,
        }
    }
}

fn over(call: &Call, with: &UserSummary, outcome: Outcome, local_seconds: Option<u32>) -> Over {
    Over {
        with: with.clone(),
        conversation_id: call.conversation_id,
        call_type: call.call_type,
        outcome,
        seconds: call.duration_seconds.or(local_seconds),
        goes_on: (call.mode == CallMode::Group && call.status.is_live()).then_some(call.id),
    }
}

/// Checks whether a person is neither in the call nor being rung.
fn is_out(status: ParticipantStatus) -> bool {
    !status.is_in() && !status.is_pending()
}

/// Translates a terminal status into its meaning for this person.
fn outcome(call: &Call, me: UserId) -> Outcome {
    let caller = call.initiator_id == me;
    let seat = call.participant(me).filter(|_| call.mode == CallMode::Group).map(|seat| seat.status);
    match call.status {
        CallStatus::Ended | CallStatus::Failed if call.was_missed_by(me) => Outcome::Missed,
        CallStatus::Ended | CallStatus::Failed if seat == Some(ParticipantStatus::Declined) => {
            Outcome::DeclinedElsewhere
        }
        CallStatus::Declined if caller => Outcome::Declined,
        CallStatus::Declined => Outcome::DeclinedElsewhere,
        CallStatus::Missed if caller => Outcome::NoAnswer,
        CallStatus::Busy if caller => Outcome::Busy,
        CallStatus::Missed | CallStatus::Busy => Outcome::Missed,
        CallStatus::Canceled => Outcome::Canceled,
        CallStatus::Failed => Outcome::Failed,
        _ => Outcome::Ended,
    }
}
