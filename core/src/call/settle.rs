//! The consequences of time and of people who go: deadlines, the status, and the end of a call.

use super::{Call, Event};
use crate::time::{Duration, Timestamp};
use parley_protocol::{
    UserId,
    call::{CallMode, CallStatus, EndReason, ParticipantStatus},
};

/// The time in which a server that has begun looks at every call that was live.
const STARTING: Duration = Duration::from_secs(5);

impl Call {
    pub(super) fn tick(&mut self, now: Timestamp) {
        let due = |deadline: Option<Timestamp>| deadline.is_some_and(|at| at <= now);
        if due(self.record.ends_at()) {
            return self.over(now, CallStatus::Ended, EndReason::MaxDuration);
        }
        if due(self.record.connect_deadline) {
            return self.over(now, CallStatus::Failed, EndReason::Failed);
        }
        if due(self.record.alone_deadline) {
            return self.over(now, CallStatus::Ended, EndReason::EveryoneLeft);
        }
        if due(self.time_over()) {
            self.record.warned = true;
            self.events.push(Event::EndingSoon);
        }
        if self.nobody_returned(now) && !self.record.status.is_unanswered() {
            return self.over(now, CallStatus::Failed, EndReason::ServerRestart);
        }
        for (user, reason) in self.lost(now) {
            if self.record.status.is_unanswered() {
                return self.over(now, CallStatus::Canceled, EndReason::Canceled);
            }
            if self.record.status.is_live() {
                self.depart(now, user, ParticipantStatus::Left, reason);
            }
        }
        let late: Vec<UserId> =
            self.record.participants.iter().filter(|s| due(s.ring_deadline)).map(|s| s.user_id).collect();
        for user in late {
            if self.record.status.is_live() {
                self.give_up_on(now, user, ParticipantStatus::Missed);
            }
        }
    }

    /// Checks whether nobody who was in the call came back in time after the server had begun again.
    fn nobody_returned(&self, now: Timestamp) -> bool {
        let Some(began) = self.rules.began else { return false };
        let given_up = now.min(began + STARTING + self.rules.reconnect);
        let mut present = self.record.present().peekable();
        present.peek().is_some() && present.all(|seat| seat.socket_deadline.is_some_and(|at| at <= given_up))
    }

    /// Lists the people whose media or socket did not return, with the reason to give up on them.
    fn lost(&self, now: Timestamp) -> Vec<(UserId, EndReason)> {
        let due = |deadline: Option<Timestamp>| deadline.is_some_and(|at| at <= now);
        let lost =
            self.record.participants.iter().filter(|s| due(s.media_deadline) || due(s.socket_deadline));
        lost.map(|seat| {
            let never_came =
                self.is_group() && seat.status == ParticipantStatus::Connecting && due(seat.media_deadline);
            (seat.user_id, if never_came { EndReason::Failed } else { EndReason::NetworkError })
        })
        .collect()
    }

    /// Takes a person who was in the call out of it, and settles what follows.
    pub(super) fn depart(&mut self, now: Timestamp, user: UserId, how: ParticipantStatus, reason: EndReason) {
        let Ok(seat) = self.seat_mut(user) else { return };
        if !seat.status.is_in() {
            return;
        }
        seat.close(now, how, Some(reason));
        if how == ParticipantStatus::Left {
            self.events.push(Event::Left { user, reason });
        }
        self.settle_presence(now, reason);
        if self.record.status.is_live() {
            self.pass_role_on(user);
            self.settle_status(now);
        }
    }

    /// Ends the call when too few are left in it: a direct call needs both.
    fn settle_presence(&mut self, now: Timestamp, reason: EndReason) {
        let present = self.record.present().count();
        match self.record.mode {
            CallMode::Direct if present < 2 && reason == EndReason::NetworkError => {
                self.over(now, CallStatus::Failed, reason);
            }
            CallMode::Direct if present < 2 => self.over(now, CallStatus::Ended, reason),
            CallMode::Group if present == 0 => self.over(now, CallStatus::Ended, EndReason::EveryoneLeft),
            _ => {}
        }
    }

    /// Derives the status of the call from that of its people. A group call stays connected while some of
    /// them reconnect.
    pub(super) fn settle_status(&mut self, now: Timestamp) {
        let count = |status| self.record.participants.iter().filter(|s| s.status == status).count();
        let connected = count(ParticipantStatus::Connected);
        let waiting = count(ParticipantStatus::Connecting) + count(ParticipantStatus::Reconnecting);
        let direct = self.record.mode == CallMode::Direct;
        match self.record.status {
            CallStatus::Connecting if connected >= 2 => {
                self.record.status = CallStatus::Connected;
                self.record.connected_at = Some(now);
            }
            CallStatus::Connected if direct && waiting > 0 => {
                self.record.status = CallStatus::Reconnecting;
            }
            CallStatus::Reconnecting if waiting == 0 => self.record.status = CallStatus::Connected,
            _ => {}
        }
    }

    /// Derives the deadlines from the people who are there. A deadline is set when its reason appears, and
    /// kept while the reason lasts.
    pub(super) fn settle_deadlines(&mut self, now: Timestamp) {
        let rules = self.rules;
        let status = self.record.status;
        if !status.is_live() {
            return;
        }
        let answered = !status.is_unanswered();
        let present = self.record.present().count();
        let connecting = status == CallStatus::Connecting;
        let alone = answered && present == 1 && !self.is_ringing();
        keep(&mut self.record.alone_deadline, alone, now + rules.alone);
        keep(&mut self.record.connect_deadline, connecting && present >= 2, now + rules.connect);
        for seat in &mut self.record.participants {
            // A person who is alone has nobody to connect to, and while the call connects its own deadline
            // counts for everyone.
            let (waits, period) = match seat.status {
                ParticipantStatus::Reconnecting => (true, rules.reconnect),
                ParticipantStatus::Connecting => (!connecting, rules.connect),
                _ => (false, rules.reconnect),
            };
            keep(&mut seat.media_deadline, waits && answered && present >= 2, now + period);
        }
    }

    pub(super) fn over(&mut self, now: Timestamp, status: CallStatus, reason: EndReason) {
        self.record.status = status;
        self.record.end_reason = Some(reason);
        self.record.ended_at = Some(now);
        self.record.connect_deadline = None;
        self.record.alone_deadline = None;
        for seat in &mut self.record.participants {
            if seat.is_pending() {
                seat.close(now, ParticipantStatus::Missed, Some(reason));
            } else if seat.status.is_in() {
                seat.close(now, ParticipantStatus::Left, Some(reason));
            }
        }
        self.events.push(Event::Over { reason });
    }
}

fn keep(deadline: &mut Option<Timestamp>, wanted: bool, at: Timestamp) {
    *deadline = wanted.then(|| deadline.unwrap_or(at));
}
