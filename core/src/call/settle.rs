//! What follows from time and from people who go: who is given up on, and when a call is over.

use super::{Call, Event, Seat};
use crate::time::Timestamp;
use parley_protocol::{
    UserId,
    call::{CallMode, CallStatus, EndReason, ParticipantStatus},
};

impl Call {
    pub(super) fn tick(&mut self, now: Timestamp) {
        let due = |deadline: Option<Timestamp>| deadline.is_some_and(|at| at <= now);
        if due(self.record.connect_deadline) {
            return self.over(now, CallStatus::Failed, EndReason::Failed);
        }
        let lost: Vec<UserId> = self
            .record
            .participants
            .iter()
            .filter(|seat| due(seat.media_deadline) || due(seat.socket_deadline))
            .map(|seat| seat.user_id)
            .collect();
        for user in lost {
            if self.record.status.is_unanswered() {
                return self.over(now, CallStatus::Canceled, EndReason::Canceled);
            }
            self.depart(now, user, EndReason::NetworkError);
        }
        if due(Some(self.record.ring_deadline)) {
            let late: Vec<UserId> =
                self.record.participants.iter().filter(|s| s.is_pending()).map(|s| s.user_id).collect();
            for user in late {
                self.give_up_on(now, user, ParticipantStatus::Missed);
            }
        }
    }

    /// A callee will not come: they refused, were busy, or let it ring.
    pub(super) fn give_up_on(&mut self, now: Timestamp, user: UserId, how: ParticipantStatus) {
        if self.record.ended_at.is_some() {
            return;
        }
        let Ok(seat) = self.seat_mut(user) else { return };
        if !seat.is_pending() {
            return;
        }
        seat.status = how;
        seat.ringing_on.clear();
        seat.left_at = Some(now);
        match how {
            ParticipantStatus::Busy => self.events.push(Event::Busy { user }),
            ParticipantStatus::Missed => self.events.push(Event::Missed { user }),
            _ => {}
        }
        let anyone_left = self.record.participants.iter().skip(1).any(|s| s.is_pending() || s.status.is_in());
        if anyone_left {
            return;
        }
        match how {
            _ if self.record.accepted_at.is_some() => self.settle_presence(now, EndReason::EveryoneLeft),
            ParticipantStatus::Busy => self.over(now, CallStatus::Busy, EndReason::Busy),
            ParticipantStatus::Declined => self.over(now, CallStatus::Declined, EndReason::Declined),
            _ => self.over(now, CallStatus::Missed, EndReason::NoAnswer),
        }
    }

    /// Somebody who was in the call is not any longer.
    pub(super) fn depart(&mut self, now: Timestamp, user: UserId, reason: EndReason) {
        let Ok(seat) = self.seat_mut(user) else { return };
        if !seat.status.is_in() {
            return;
        }
        close_seat(seat, now, ParticipantStatus::Left, reason);
        self.events.push(Event::Left { user, reason });
        self.settle_presence(now, reason);
        if self.record.status.is_live() {
            self.settle_status(now);
        }
    }

    /// Ends the call when too few are left in it: a direct call needs both.
    fn settle_presence(&mut self, now: Timestamp, reason: EndReason) {
        let present = self.record.participants.iter().filter(|seat| seat.status.is_in()).count();
        match self.record.mode {
            CallMode::Direct if present < 2 && reason == EndReason::NetworkError => {
                self.over(now, CallStatus::Failed, reason);
            }
            CallMode::Direct if present < 2 => self.over(now, CallStatus::Ended, reason),
            CallMode::Group if present == 0 => self.over(now, CallStatus::Ended, EndReason::EveryoneLeft),
            _ => {}
        }
    }

    /// The call's status follows from its people's.
    pub(super) fn settle_status(&mut self, now: Timestamp) {
        let count = |status| self.record.participants.iter().filter(|s| s.status == status).count();
        let connected = count(ParticipantStatus::Connected);
        let reconnecting = count(ParticipantStatus::Reconnecting);
        let direct = self.record.mode == CallMode::Direct;
        match self.record.status {
            CallStatus::Connecting if connected >= 2 => {
                self.record.status = CallStatus::Connected;
                self.record.connected_at = Some(now);
                self.record.connect_deadline = None;
            }
            CallStatus::Connected if direct && reconnecting > 0 => {
                self.record.status = CallStatus::Reconnecting;
            }
            CallStatus::Reconnecting if reconnecting == 0 => self.record.status = CallStatus::Connected,
            _ => {}
        }
    }

    pub(super) fn over(&mut self, now: Timestamp, status: CallStatus, reason: EndReason) {
        self.record.status = status;
        self.record.end_reason = Some(reason);
        self.record.ended_at = Some(now);
        self.record.connect_deadline = None;
        for seat in &mut self.record.participants {
            if seat.is_pending() {
                close_seat(seat, now, ParticipantStatus::Missed, reason);
            } else if seat.status.is_in() {
                close_seat(seat, now, ParticipantStatus::Left, reason);
            }
        }
        self.events.push(Event::Over { reason });
    }

    /// The short grace of a caller who vanished while it rang becomes the long one of a call.
    pub(super) fn widen_caller_grace(&mut self, now: Timestamp) {
        let grace = now + self.rules.reconnect;
        for seat in &mut self.record.participants {
            if seat.socket_deadline.is_some() {
                seat.socket_deadline = Some(grace);
            }
        }
    }
}

fn close_seat(seat: &mut Seat, now: Timestamp, status: ParticipantStatus, reason: EndReason) {
    seat.status = status;
    seat.left_at = Some(now);
    seat.leave_reason = Some(reason);
    seat.ringing_on.clear();
    seat.media_deadline = None;
    seat.socket_deadline = None;
}
