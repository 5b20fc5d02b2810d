//! Moderation in the model: the powers of hosts and co-hosts, and removal from the conversation.

use super::{P, Person, Reference, Said};
use parley_core::call::Rejected;
use parley_protocol::{
    UserId,
    call::{CallStatus, EndReason, Role},
};

impl Reference {
    /// Refuses anybody who may not moderate. Returns whether the moderator is the host rather than a co-host.
    pub(super) fn moderates(&self, by: UserId) -> Said {
        let inside = self.person(by).is_some_and(Person::inside);
        match () {
            () if !self.group || !inside => Err(Rejected::NotNow),
            () if !self.speaks(by) => Err(Rejected::NotAllowed),
            () => Ok(self.person(by).is_some_and(|p| p.role == Role::Host)),
        }
    }

    pub(super) fn mute(&mut self, by: UserId, user: UserId) -> Said {
        let host = self.moderates(by)?;
        let p = self.the(user)?;
        if by == user || !p.inside() {
            return Err(Rejected::NotNow);
        }
        if p.role == Role::Host && !host {
            return Err(Rejected::NotAllowed);
        }
        let news = !std::mem::replace(&mut p.media.muted, true);
        p.mutes += u32::from(news);
        Ok(news)
    }

    pub(super) fn kick(&mut self, now: i64, by: UserId, user: UserId) -> Said {
        let host = self.moderates(by)?;
        let p = self.the(user)?;
        match p.is {
            P::Kicked => return Ok(false),
            _ if by == user || !(p.inside() || p.asked()) => return Err(Rejected::NotNow),
            _ if !host && p.role != Role::Participant => return Err(Rejected::NotAllowed),
            _ => {}
        }
        p.role = Role::Participant;
        if p.asked() {
            self.not_coming(user, P::Kicked);
        } else {
            self.gone(now, user, P::Kicked, EndReason::Kicked);
        }
        Ok(true)
    }

    /// Removes somebody from the conversation and so from the call. One host remains as long as anybody does.
    pub(super) fn remove(&mut self, now: i64, user: UserId) -> Said {
        let answered = self.answered.is_some();
        let p = self.the(user)?;
        if p.is == P::Kicked {
            return Ok(false);
        }
        if p.role == Role::CoHost {
            p.role = Role::Participant;
        }
        match () {
            () if p.asked() => self.not_coming(user, P::Kicked),
            () if p.inside() && answered => self.gone(now, user, P::Kicked, EndReason::Kicked),
            () if p.inside() => self.over(CallStatus::Canceled, EndReason::Canceled),
            () => p.is = P::Kicked,
        }
        Ok(true)
    }

    pub(super) fn set_role(&mut self, by: UserId, user: UserId, role: Role) -> Said {
        if !self.moderates(by)? {
            return Err(Rejected::NotAllowed);
        }
        let p = self.the(user)?;
        if by == user || !p.inside() || role == Role::Viewer {
            return Err(Rejected::NotNow);
        }
        let before = std::mem::replace(&mut p.role, role);
        if role == Role::Host {
            self.the(by)?.role = Role::CoHost;
        }
        Ok(before != role)
    }
}
