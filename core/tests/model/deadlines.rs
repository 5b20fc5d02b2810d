//! The deadlines of the model, and what happens when they pass.

use super::{ALONE, CALLER_GONE, GRACE, P, Person, RING, Reference, WARNING};
use parley_protocol::{
    UserId,
    call::{CallStatus, EndReason},
};

impl Reference {
    fn too_long(&self) -> Option<i64> {
        Some(self.connected? + self.longest?)
    }

    /// Returns the time by which a lost socket must return: soon while the call rings, and a full grace
    /// period from the answer on.
    fn socket_until(&self, p: &Person) -> Option<i64> {
        Some(match self.answered {
            None => p.away? + CALLER_GONE,
            Some(answered) => p.away?.max(answered) + GRACE,
        })
    }

    fn media_until(p: &Person) -> Option<i64> {
        Some(p.apart? + GRACE)
    }

    /// Returns the time of the next event that needs no input.
    pub fn due(&self) -> Option<i64> {
        if !self.live() {
            return None;
        }
        let early = if self.warned { 0 } else { WARNING };
        let mut all = vec![
            self.too_long().map(|at| at - early),
            self.connecting.map(|at| at + GRACE),
            self.alone.map(|at| at + ALONE),
        ];
        for p in &self.people {
            all.extend([self.socket_until(p), Self::media_until(p), p.asked().then_some(p.asked + RING)]);
        }
        all.into_iter().flatten().min()
    }

    pub(super) fn tick(&mut self, now: i64) -> bool {
        let past = |at: Option<i64>| at.is_some_and(|at| at <= now);
        let end = match () {
            () if past(self.too_long()) => Some((CallStatus::Ended, EndReason::MaxDuration)),
            () if past(self.connecting.map(|at| at + GRACE)) => Some((CallStatus::Failed, EndReason::Failed)),
            () if past(self.alone.map(|at| at + ALONE)) => Some((CallStatus::Ended, EndReason::EveryoneLeft)),
            () => None,
        };
        if let Some((status, reason)) = end {
            self.over(status, reason);
            return true;
        }
        let warns = !self.warned && past(self.too_long().map(|at| at - WARNING));
        self.warned |= warns;
        let is_lost = |p: &&Person| past(self.socket_until(p)) || past(Self::media_until(p));
        let lost: Vec<UserId> = self.people.iter().filter(is_lost).map(|p| p.id).collect();
        for user in &lost {
            if self.answered.is_none() {
                self.over(CallStatus::Canceled, EndReason::Canceled);
            } else if self.live() {
                self.gone(now, *user, P::Left, EndReason::NetworkError);
            }
        }
        let is_late = |p: &&Person| p.asked() && p.asked + RING <= now;
        let late: Vec<UserId> = self.people.iter().filter(is_late).map(|p| p.id).collect();
        for user in &late {
            self.not_coming(*user, P::Missed);
        }
        warns || !lost.is_empty() || !late.is_empty()
    }
}
