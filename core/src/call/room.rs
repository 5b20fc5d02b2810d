//! The people who are in the call: their media, their sockets, and their leaving.

use super::{Call, Event, Outcome, Rejected, Seat};
use crate::time::Timestamp;
use parley_protocol::{
    DeviceId, UserId,
    call::{CallMode, CallStatus, EndReason, MediaChange, MediaState, ParticipantStatus},
};

impl Call {
    pub(super) fn leave(&mut self, now: Timestamp, user: UserId, device: DeviceId) -> Outcome {
        let unanswered = self.record.status.is_unanswered();
        let seat = self.seat_mut(user)?;
        if !seat.is_in_on(device) {
            // A tab that only rang, or was not the first to answer, is not in the call. The person's other
            // devices go on.
            return Ok(());
        }
        if unanswered {
            self.over(now, CallStatus::Canceled, EndReason::Canceled);
        } else {
            self.depart(now, user, ParticipantStatus::Left, EndReason::Completed);
        }
        Ok(())
    }

    pub(super) fn end(&mut self, now: Timestamp, user: UserId) -> Outcome {
        let seat = self.seat_mut(user)?;
        let (may, host) = (seat.status.is_in(), seat.is_host());
        match self.record.mode {
            _ if !may => Err(Rejected::NotNow),
            _ if self.record.status.is_unanswered() => {
                self.over(now, CallStatus::Canceled, EndReason::Canceled);
                Ok(())
            }
            CallMode::Direct => {
                self.depart(now, user, ParticipantStatus::Left, EndReason::Completed);
                Ok(())
            }
            CallMode::Group if host => {
                self.over(now, CallStatus::Ended, EndReason::HostEnded);
                Ok(())
            }
            CallMode::Group => Err(Rejected::NotAllowed),
        }
    }

    pub(super) fn media(
        &mut self,
        now: Timestamp,
        user: UserId,
        device: DeviceId,
        state: MediaState,
    ) -> Outcome {
        let answered = !self.record.status.is_unanswered();
        let seat = self.seat_in(user, device)?;
        if !answered {
            return Err(Rejected::NotNow);
        }
        match (state, seat.status) {
            (MediaState::Connected, ParticipantStatus::Connecting | ParticipantStatus::Reconnecting) => {
                seat.status = ParticipantStatus::Connected;
                self.settle_status(now);
                self.events.push(Event::MediaConnected { user });
            }
            (MediaState::Lost, ParticipantStatus::Connected) => {
                seat.status = ParticipantStatus::Reconnecting;
                self.settle_status(now);
                self.events.push(Event::MediaLost { user });
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn update(&mut self, user: UserId, device: DeviceId, change: MediaChange) -> Outcome {
        let seat = self.seat_in(user, device)?;
        let media = change.of(seat.media);
        if seat.media != media {
            seat.media = media;
            self.events.push(Event::Updated { user });
        }
        Ok(())
    }

    pub(super) fn socket_gone(&mut self, now: Timestamp, user: UserId, device: DeviceId) -> Outcome {
        let unanswered = self.record.status.is_unanswered();
        let grace = if unanswered { self.rules.caller_gone } else { self.rules.reconnect };
        let seat = self.seat_mut(user)?;
        if seat.is_in_on(device) && seat.socket_deadline.is_none() {
            seat.socket_deadline = Some(now + grace);
            self.events.push(Event::SocketGone { user });
        }
        Ok(())
    }

    pub(super) fn socket_back(&mut self, user: UserId, device: DeviceId) -> Outcome {
        let seat = self.seat_mut(user)?;
        if seat.is_in_on(device) && seat.socket_deadline.take().is_some() {
            self.events.push(Event::SocketBack { user });
        }
        Ok(())
    }

    fn seat_in(&mut self, user: UserId, device: DeviceId) -> Result<&mut Seat, Rejected> {
        let seat = self.seat_mut(user)?;
        if seat.is_in_on(device) { Ok(seat) } else { Err(Rejected::NotNow) }
    }
}
