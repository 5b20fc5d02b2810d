//! The bookkeeping with the server: reports that did not reach it, its list of live calls, and the calls that
//! are over on this device.

use super::{ApiCommand, ApiError, GONE_MAX, Outcome, Output, Phone, RETRY, State, is_out};
use crate::time::Instant;
use parley_protocol::{CallId, call::Call};

impl Phone {
    /// Compares this device's calls with the server's list of live ones, after the socket was away.
    pub(super) fn active(&mut self, now: Instant, held: Option<CallId>, calls: &[Call]) {
        self.leave_ghosts(calls);
        for call in calls {
            self.absorb_waiting(call);
        }
        // A call that began after the question cannot be in the answer, so its absence means nothing.
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

    /// Asks for the live calls of this person, and notes the call that is held at this moment.
    pub(super) fn ask_active(&mut self) {
        let held = self.call().map(|call| call.id);
        self.outputs.push_back(Output::Api(ApiCommand::Active { held }));
    }

    /// Leaves the calls that the server wrongly counts this device in: the answer to a start was lost, or a
    /// leave did not arrive. Such a call would ring on.
    pub(super) fn leave_ghosts(&mut self, calls: &[Call]) {
        let held = self.call().map(|call| call.id);
        if matches!(self.state, State::Starting(_)) {
            // The call that is being started may be in the list, and its id is not known yet.
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

    /// Takes the answer to a leave or decline. One that failed for the moment is kept and sent again.
    pub(super) fn told(&mut self, now: Instant, said: ApiCommand, result: Result<Call, ApiError>) {
        match result {
            Ok(call) => self.absorb(now, call),
            Err(error) if error.is_passing() && self.unsent.len() < GONE_MAX => {
                self.unsent.push(said);
                self.again_at = Some(now + RETRY);
            }
            Err(_) => {}
        }
    }

    /// Sends the leaves and declines again that did not reach the server.
    pub(super) fn resend_unsent(&mut self) {
        let unsent = std::mem::take(&mut self.unsent);
        self.outputs.extend(unsent.into_iter().map(Output::Api));
    }

    /// Remembers that a call is over for this device.
    pub(super) fn mark_gone(&mut self, id: CallId) {
        if !self.gone.iter().any(|(known, _)| *known == id) {
            self.gone.push_back((id, None));
        }
        if self.gone.len() > GONE_MAX {
            self.gone.pop_front();
        }
    }

    /// Checks whether an invitation is older than the end of its call for this device.
    pub(super) fn is_gone(&self, call: &Call) -> bool {
        self.gone.iter().any(|(id, out)| *id == call.id && out.is_none_or(|version| call.version <= version))
    }

    /// Notes the version in which the server agrees that this person is neither in the call nor rung by it.
    pub(super) fn note_out(&mut self, call: &Call) {
        let out = call.participant(self.me).is_none_or(|seat| is_out(seat.status));
        if let Some((_, version)) = self.gone.iter_mut().find(|(id, _)| *id == call.id && out) {
            *version = (*version).max(Some(call.version));
        }
    }
}
