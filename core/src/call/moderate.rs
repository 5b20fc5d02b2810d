//! Moderation of a group call: hosts mute people, send them away, and give roles.
//!
//! A co-host may mute and send away ordinary participants, and mute other co-hosts. Only the host gives
//! roles. Nobody can be made to speak: there is no input that switches a microphone on.

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

    /// Takes a person who has left the conversation out of its call. They cannot return unasked, and hear
    /// nothing more of it.
    pub(super) fn remove(&mut self, now: Timestamp, user: UserId) -> Outcome {
        let unanswered = self.record.status.is_unanswered();
        let seat = self.seat_mut(user)?;
        if seat.status == ParticipantStatus::Kicked {
            return Ok(());
        }
        // The role of a host is passed on in `depart`, which needs to see it.
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

    /// Gives a person a role. There is one host, so a host who gives that role away becomes a co-host.
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

    /// Makes somebody else the host if the host has gone: a co-host, else the person who has been there
    /// longest.
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

    /// Returns the role by which this person may moderate the call.
    fn rank_of_host(&self, by: UserId) -> Result<Role, Rejected> {
        let seat = self.record.seat(by).ok_or(Rejected::NotInRoster)?;
        match () {
            () if !self.is_group() || !seat.status.is_in() => Err(Rejected::NotNow),
            () if !seat.is_host() => Err(Rejected::NotAllowed),
            () => Ok(seat.role),
        }
    }
}
