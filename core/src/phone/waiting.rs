//! A second call that rings while this device is in one. It is shown as waiting, and rings in full when the
//! first call is over.

use super::{ApiCommand, Incoming, Output, Phone, Ring, State, is_out};
use crate::time::Instant;
use parley_protocol::{CallId, call::Call, rest::OtherCall};

impl Ring {
    /// Returns the ring as the page shows it.
    pub(super) fn shown(&self) -> Incoming {
        Incoming {
            call_id: self.call.id,
            conversation_id: self.call.conversation_id,
            mode: self.call.mode,
            from: self.with.clone(),
            call_type: self.call.call_type,
        }
    }
}

impl Phone {
    /// Returns the call that rings while this device is in another.
    pub fn waiting(&self) -> Option<Incoming> {
        self.waiting.as_ref().map(Ring::shown)
    }

    /// Checks whether an invitation to this call is, or may become, the waiting one. There is room for one.
    pub(super) fn takes_as_waiting(&self, id: CallId) -> bool {
        match &self.waiting {
            Some(ring) => ring.call.id == id,
            None => matches!(self.state, State::Outgoing(_) | State::Room(_)),
        }
    }

    /// Applies the server's state of a call if it is the waiting one. Returns whether it is.
    pub(super) fn absorb_waiting(&mut self, call: &Call) -> bool {
        let Some(ring) = self.waiting.as_mut().filter(|ring| ring.call.id == call.id) else { return false };
        if call.version <= ring.call.version {
            return true;
        }
        let seat = call.participant(self.me);
        let elsewhere = seat.is_some_and(|seat| seat.device_id.is_some());
        if !call.status.is_live() || elsewhere || seat.is_none_or(|seat| is_out(seat.status)) {
            self.stop_waiting();
            self.note_out(call);
        } else {
            ring.call = call.clone();
        }
        true
    }

    /// Leaves the current call and answers the waiting one. One request tells the server of both.
    pub(super) fn answer_waiting(&mut self, now: Instant, with_video: bool) {
        if self.waiting.is_some() && self.holds().is_some() {
            self.say_bye();
            self.hang_up();
            self.ring_waiting();
            self.answer(now, with_video, Some(OtherCall::Leave));
        }
    }

    pub(super) fn decline_waiting(&mut self) {
        let Some(call_id) = self.stop_waiting() else { return };
        if let Some(device_id) = self.device {
            self.outputs.push_back(Output::Api(ApiCommand::Decline { call_id, device_id }));
        }
    }

    /// Drops the waiting call, which does not ring again.
    pub(super) fn stop_waiting(&mut self) -> Option<CallId> {
        let id = self.waiting.take()?.call.id;
        self.mark_gone(id);
        Some(id)
    }

    /// Ends a waiting ring that has outlasted the server's limit.
    pub(super) fn tick_waiting(&mut self, now: Instant) {
        if self.waiting.as_ref().is_some_and(|ring| ring.stop_at <= now) {
            self.stop_waiting();
            self.ask_active();
        }
    }

    /// Lets the waiting call ring in full, in the place of a call that is over here.
    pub(super) fn ring_waiting(&mut self) {
        if let Some(ring) = self.waiting.take() {
            self.outputs.push_back(Output::Prepare { ice: ring.ice.clone(), offers: false });
            self.state = State::Incoming(ring);
        }
    }
}
