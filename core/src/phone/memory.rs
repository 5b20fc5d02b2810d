//! What the server has not heard yet, what it says of the calls that live, and which of them are over here.

use super::{ApiCommand, ApiError, GONE_MAX, Outcome, Output, Phone, RETRY, State, is_out};
use crate::time::Instant;
use parley_protocol::{CallId, call::Call};

impl Phone {
    /// The calls that live for this person, after the socket was away.
    pub(super) fn active(&mut self, now: Instant, held: Option<CallId>, calls: &[Call]) {
        self.leave_ghosts(calls);
        for call in calls {
            self.absorb_waiting(call);
        }
        // A call that is younger than the question is not missing from the answer.
        let Some(id) = self.call().map(|call| call.id).filter(|id| held == Some(*id)) else { return };
        if let Some(call) = calls.iter().find(|call| call.id == id) {
            self.absorb(now, call.clone());
            return self.announce_against(call);
        }
        let outcome = match &self.state {
            State::Incoming(_) => Outcome::Canceled,
            State::Outgoing(_) => Outcome::NoAnswer,
            State::Room(room) if room.since.is_none() => Outcome::Failed,
            _ => Outcome::Ended,
        };
        self.finish(now, outcome);
    }

    pub(super) fn ask_active(&mut self) {
        let held = self.call().map(|call| call.id);
        self.outputs.push_back(Output::Api(ApiCommand::Active { held }));
    }

    /// A call that this device started without hearing of it, or left without being heard, would ring on.
    pub(super) fn leave_ghosts(&mut self, calls: &[Call]) {
        let held = self.call().map(|call| call.id);
        if matches!(self.state, State::Starting(_)) {
            return;
        }
        for call in calls.iter().filter(|call| Some(call.id) != held) {
            let sits = call.participant(self.me).is_some_and(|seat| {
                seat.status.is_in() && seat.device_id.is_some() && seat.device_id == self.device
            });
            if sits {
                self.say_leave(call.id);
            }
        }
    }

    pub(super) fn told(&mut self, now: Instant, said: ApiCommand, result: Result<Call, ApiError>) {
        match result {
            Ok(call) => self.absorb(now, call),
            Err(error) if error.is_passing() && self.unsaid.len() < GONE_MAX => {
                self.unsaid.push(said);
                self.again_at = Some(now + RETRY);
            }
            Err(_) => {}
        }
    }

    pub(super) fn say_unsaid(&mut self) {
        let unsaid = std::mem::take(&mut self.unsaid);
        self.outputs.extend(unsaid.into_iter().map(Output::Api));
    }

    pub(super) fn forget(&mut self, id: CallId) {
        if !self.gone.iter().any(|(known, _)| *known == id) {
            self.gone.push_back((id, None));
        }
        if self.gone.len() > GONE_MAX {
            self.gone.pop_front();
        }
    }

    /// Whether this invitation is older than the end of the call for this device.
    pub(super) fn is_gone(&self, call: &Call) -> bool {
        self.gone.iter().any(|(id, out)| *id == call.id && out.is_none_or(|version| call.version <= version))
    }

    /// The server's word that this person is neither in the call nor rung by it.
    pub(super) fn note_out(&mut self, call: &Call) {
        let out = call.participant(self.me).is_none_or(|seat| is_out(seat.status));
        if let Some((_, version)) = self.gone.iter_mut().find(|(id, _)| *id == call.id && out) {
            *version = (*version).max(Some(call.version));
        }
    }
}
