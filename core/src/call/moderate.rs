//! What a host may do to others in a group call: silence them, send them away, share the right to.
//!
//! A co-host may silence and send away ordinary participants, and silence other co-hosts; only the host gives roles. Nobody can
//! be made to speak: there is no input that switches a microphone on.

use super::{Call, Event, Outcome, Rejected, Seat};
use crate::time::Timestamp;
use parley_protocol::{
    UserId,
    call::{CallStatus, EndReason, ParticipantStatus, Role},
};

impl Call {
    pub(super) fn mute(&mut self, by: UserId, user: UserId) -> Outcome {
        let rank = self.rank_of_host(by)?;
        let seat = self.seat_mut(user)?;
        if by == user || !seat.status.is_in() {
            return Err(Rejected::NotNow);
        }
        if seat.role == Role::Host && rank != Role::Host {
            return Err(Rejected::NotAllowed);
        }
        if !seat.media.muted {
            seat.media.muted = true;
            seat.mutes += 1;
            self.events.push(Event::Muted { user, by });
        }
        Ok(())
    }

    pub(super) fn kick(&mut self, now: Timestamp, by: UserId, user: UserId) -> Outcome {
        let rank = self.rank_of_host(by)?;
        let seat = self.seat_mut(user)?;
        if seat.status == ParticipantStatus::Kicked {
            return Ok(());
        }
        if by == user || !(seat.status.is_in() || seat.is_pending()) {
            return Err(Rejected::NotNow);
        }
        if rank != Role::Host && matches!(seat.role, Role::Host | Role::CoHost) {
            return Err(Rejected::NotAllowed);
        }
        seat.role = Role::Participant;
        self.events.push(Event::Kicked { user, by });
        if self.record.seat(user).is_some_and(Seat::is_pending) {
            self.give_up_on(now, user, ParticipantStatus::Kicked);
        } else {
            self.depart(now, user, ParticipantStatus::Kicked, EndReason::Kicked);
        }
        Ok(())
    }

    /// Who is out of the conversation does not return unasked either, and hears nothing more.
    pub(super) fn remove(&mut self, now: Timestamp, user: UserId) -> Outcome {
        let unanswered = self.record.status.is_unanswered();
        let seat = self.seat_mut(user)?;
        if seat.status == ParticipantStatus::Kicked {
            return Ok(());
        }
        // A host's role is passed on when they depart.
        if seat.role == Role::CoHost {
            seat.role = Role::Participant;
        }
        let (is_in, is_pending) = (seat.status.is_in(), seat.is_pending());
        if !is_in && !is_pending {
            seat.status = ParticipantStatus::Kicked;
        }
        self.events.push(Event::Removed { user });
        if is_in && unanswered {
            self.over(now, CallStatus::Canceled, EndReason::Canceled);
        } else if is_in {
            self.depart(now, user, ParticipantStatus::Kicked, EndReason::Kicked);
        } else if is_pending {
            self.give_up_on(now, user, ParticipantStatus::Kicked);
        }
        Ok(())
    }

    /// A host who makes somebody else the host goes on as a co-host: there is one.
    pub(super) fn set_role(&mut self, by: UserId, user: UserId, role: Role) -> Outcome {
        if self.rank_of_host(by)? != Role::Host {
            return Err(Rejected::NotAllowed);
        }
        let seat = self.seat_mut(user)?;
        if by == user || !seat.status.is_in() || role == Role::Viewer {
            return Err(Rejected::NotNow);
        }
        if seat.role == role {
            return Ok(());
        }
        seat.role = role;
        self.events.push(Event::RoleChanged { user, role });
        if role == Role::Host {
            self.seat_mut(by)?.role = Role::CoHost;
            self.events.push(Event::RoleChanged { user: by, role: Role::CoHost });
        }
        Ok(())
    }

    /// Somebody else is the host when the host has gone: a co-host, else whoever has been there longest.
    pub(super) fn pass_role_on(&mut self, gone: UserId) {
        let was_host = self.record.seat(gone).is_some_and(|seat| seat.role == Role::Host);
        if !self.is_group() || !was_host {
            return;
        }
        let heir = self.record.present().min_by_key(|seat| (seat.role != Role::CoHost, seat.joined_at));
        let Some(heir) = heir.map(|seat| seat.user_id) else { return };
        for (user, role) in [(gone, Role::Participant), (heir, Role::Host)] {
            if let Ok(seat) = self.seat_mut(user) {
                seat.role = role;
            }
        }
        self.events.push(Event::RoleChanged { user: heir, role: Role::Host });
    }

    /// The role by which this person may tell others what to do here.
    fn rank_of_host(&self, by: UserId) -> Result<Role, Rejected> {
        let seat = self.record.seat(by).ok_or(Rejected::NotInRoster)?;
        match () {
            () if !self.is_group() || !seat.status.is_in() => Err(Rejected::NotNow),
            () if !seat.is_host() => Err(Rejected::NotAllowed),
            () => Ok(seat.role),
        }
    }
}
