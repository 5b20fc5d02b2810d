//! Invitations and their answers: ringing, accepting, joining, declining.

use super::{Call, Callee, Event, Outcome, Reach, Rejected, Seat};
use crate::time::Timestamp;
use parley_protocol::{
    DeviceId, UserId,
    call::{CallStatus, EndReason, OwnMedia, ParticipantStatus},
};

/// The most devices of one person that can ring for one call.
pub(super) const RINGING_DEVICES_MAX: usize = 16;

impl Call {
    pub(super) fn ring_ack(&mut self, user: UserId, device: DeviceId) -> Outcome {
        let seat = self.seat_mut(user)?;
        if seat.hidden {
            // For a person who has blocked the caller the call does not exist.
            return Err(Rejected::NotInRoster);
        }
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

    pub(super) fn accept(
        &mut self,
        now: Timestamp,
        user: UserId,
        device: DeviceId,
        media: OwnMedia,
    ) -> Outcome {
        let initiator = self.record.initiator_id;
        let seat = self.seat_mut(user)?;
        if seat.is_in_on(device) && user != initiator {
            return Ok(());
        }
        match seat.status {
            ParticipantStatus::Invited | ParticipantStatus::Ringing => {}
            ParticipantStatus::Kicked => return Err(Rejected::Kicked),
            status if status.is_in() => return Err(Rejected::HandledElsewhere),
            ParticipantStatus::Declined => return Err(Rejected::HandledElsewhere),
            _ => return Err(Rejected::NotNow),
        }
        self.take_place(now, user, device, media)?;
        self.events.push(Event::Accepted { user, device });
        Ok(())
    }

    /// Lets a person into a group call late or again, or lets a device replace a lost one of the same person.
    pub(super) fn join(
        &mut self,
        now: Timestamp,
        user: UserId,
        device: DeviceId,
        media: OwnMedia,
    ) -> Outcome {
        let Some(seat) = self.record.seat(user) else {
            if !self.is_group() {
                return Err(Rejected::NotInRoster);
            }
            if self.is_full() {
                return Err(Rejected::Full);
            }
            let mut seat = Seat::invited(user, false, now, now);
            // This person was never rung, so the seat begins closed; `come_late` opens it.
            seat.ring_deadline = None;
            seat.status = ParticipantStatus::Left;
            self.record.participants.push(seat);
            return self.come_late(now, user, device, media);
        };
        match seat.status {
            status if status.is_in() && seat.device_id == Some(device) => Ok(()),
            status if status.is_in() && seat.socket_deadline.is_some() => {
                self.come_late(now, user, device, media)
            }
            status if status.is_in() => Err(Rejected::HandledElsewhere),
            ParticipantStatus::Invited | ParticipantStatus::Ringing => self.accept(now, user, device, media),
            ParticipantStatus::Kicked => Err(Rejected::Kicked),
            _ if self.is_group() => self.come_late(now, user, device, media),
            _ => Err(Rejected::NotNow),
        }
    }

    fn come_late(&mut self, now: Timestamp, user: UserId, device: DeviceId, media: OwnMedia) -> Outcome {
        self.take_place(now, user, device, media)?;
        self.events.push(Event::Joined { user, device });
        Ok(())
    }

    /// Seats the person with this device, and thereby answers the call if nobody has yet.
    fn take_place(&mut self, now: Timestamp, user: UserId, device: DeviceId, media: OwnMedia) -> Outcome {
        let answers = self.record.status.is_unanswered() && user != self.record.initiator_id;
        let full = self.is_full();
        let seat = self.seat_mut(user)?;
        if full && !seat.status.is_in() {
            return Err(Rejected::Full);
        }
        seat.come_in(now, device, media);
        if answers {
            self.record.status = CallStatus::Connecting;
            self.record.accepted_at = Some(now);
            self.widen_caller_grace(now);
        } else {
            // A device that replaces another has to connect first, which may put the call back to
            // reconnecting.
            self.settle_status(now);
        }
        Ok(())
    }

    fn is_full(&self) -> bool {
        let present = self.record.present().count();
        u32::try_from(present).unwrap_or(u32::MAX) >= self.record.capacity
    }

    pub(super) fn decline(&mut self, now: Timestamp, user: UserId, device: DeviceId) -> Outcome {
        let seat = self.seat_mut(user)?;
        match seat.status {
            _ if seat.hidden => Err(Rejected::NotInRoster),
            ParticipantStatus::Invited | ParticipantStatus::Ringing => {
                self.events.push(Event::Declined { user, device });
                self.give_up_on(now, user, ParticipantStatus::Declined);
                Ok(())
            }
            ParticipantStatus::Declined => Ok(()),
            status if status.is_in() => Err(Rejected::HandledElsewhere),
            _ => Err(Rejected::NotNow),
        }
    }

    /// Hides the call from a person who blocks the caller while it rings. To everybody else it looks as if
    /// they let it ring.
    pub(super) fn silence(&mut self, user: UserId) -> Outcome {
        let seat = self.seat_mut(user)?;
        if seat.is_pending() && !seat.hidden {
            seat.hidden = true;
            self.events.push(Event::Silenced { user });
        }
        Ok(())
    }

    /// Cancels the call for its caller. A cancel that crosses the answer is a leave: the caller still wants
    /// out.
    pub(super) fn cancel(&mut self, now: Timestamp, user: UserId, device: DeviceId) -> Outcome {
        if user == self.record.initiator_id { self.leave(now, user, device) } else { Err(Rejected::NotNow) }
    }

    pub(super) fn ask(&mut self, now: Timestamp, by: UserId, callees: &[Callee]) -> Outcome {
        let asks = self.seat_mut(by)?;
        if !asks.status.is_in() || !self.is_group() {
            return Err(Rejected::NotNow);
        }
        let host = self.record.seat(by).is_some_and(Seat::is_host);
        let kicked = |seat: &Seat| seat.status == ParticipantStatus::Kicked;
        if !host && callees.iter().any(|callee| self.record.seat(callee.user).is_some_and(kicked)) {
            return Err(Rejected::NotAllowed);
        }
        let until = now + self.rules.ring;
        for Callee { user, reach } in callees.iter().copied() {
            let fresh = Seat::invited(user, reach == Reach::Silent, now, until);
            match self.record.participants.iter_mut().find(|seat| seat.user_id == user) {
                Some(seat) if seat.is_pending() || seat.status.is_in() => continue,
                Some(seat) => *seat = Seat { joined_at: seat.joined_at, ..fresh },
                None => self.record.participants.push(fresh),
            }
            self.record.ring_deadline = self.record.ring_deadline.max(until);
            self.events.push(Event::Invited { user, by });
            if reach == Reach::Busy {
                self.pass_over(now, user);
            }
        }
        Ok(())
    }

    /// Marks a person as busy in another call, who is not rung.
    pub(super) fn pass_over(&mut self, now: Timestamp, user: UserId) {
        self.give_up_on(now, user, ParticipantStatus::Busy);
    }

    /// Closes the seat of a callee who will not come: they declined, were busy, were sent away, or let it
    /// ring.
    pub(super) fn give_up_on(&mut self, now: Timestamp, user: UserId, how: ParticipantStatus) {
        let Ok(seat) = self.seat_mut(user) else { return };
        if !seat.is_pending() {
            return;
        }
        seat.close(now, how, None);
        match how {
            ParticipantStatus::Busy => self.events.push(Event::Busy { user }),
            ParticipantStatus::Missed => self.events.push(Event::Missed { user }),
            _ => {}
        }
        if self.record.status.is_unanswered() && !self.is_ringing() {
            self.nobody_came(now);
        }
    }

    pub(super) fn is_ringing(&self) -> bool {
        self.record.participants.iter().any(Seat::is_pending)
    }

    /// Ends a call that nobody answered. A single missed ring names the end, else a decline, else busy.
    fn nobody_came(&mut self, now: Timestamp) {
        let any = |status| self.record.participants.iter().any(|seat| seat.status == status);
        if any(ParticipantStatus::Missed) {
            self.over(now, CallStatus::Missed, EndReason::NoAnswer);
        } else if any(ParticipantStatus::Declined) {
            self.over(now, CallStatus::Declined, EndReason::Declined);
        } else if any(ParticipantStatus::Busy) {
            self.over(now, CallStatus::Busy, EndReason::Busy);
        } else {
            self.over(now, CallStatus::Canceled, EndReason::Canceled);
        }
    }

    /// Extends the short grace of a caller whose socket is gone while it rings to the long one of a call.
    fn widen_caller_grace(&mut self, now: Timestamp) {
        let grace = now + self.rules.reconnect;
        for seat in &mut self.record.participants {
            if seat.socket_deadline.is_some() {
                seat.socket_deadline = Some(grace);
            }
        }
    }
}
