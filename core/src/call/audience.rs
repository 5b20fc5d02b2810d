//! The recipients of a call's events: which people and devices receive which news.
//!
//! The server and the tests of machines in pairs publish by these same rules. [`super::message`] turns news
//! into what travels; delivery is left to the shell.

use super::{Event, Record, Seat};
use parley_protocol::{
    DeviceId, UserId,
    call::{CallStatus, ParticipantStatus},
    ws::HandledHow,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// All devices of these people.
    Users(Vec<UserId>),
    /// All devices of the person but one.
    OtherDevices {
        user: UserId,
        but: DeviceId,
    },
    Device {
        user: UserId,
        device: DeviceId,
    },
}

/// One piece of news and its recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub to: Vec<Audience>,
    pub news: News,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// A ring for this person.
    Incoming {
        user: UserId,
    },
    /// A device of a callee that rings.
    Ringing {
        user: UserId,
        device: DeviceId,
    },
    Accepted {
        user: UserId,
        device: DeviceId,
    },
    /// The end of a ring by another device of the same person, or by a block.
    HandledElsewhere {
        how: HandledHow,
    },
    /// A change of the call as a whole.
    State,
    /// A change of a participant's media.
    Updated {
        user: UserId,
    },
    Declined,
    Canceled,
    TimedOut,
    Busy,
    Failed,
    Ended,
}

impl News {
    /// Returns the news that a call with this terminal status brings.
    const fn end(status: CallStatus) -> Self {
        match status {
            CallStatus::Declined => Self::Declined,
            CallStatus::Canceled => Self::Canceled,
            CallStatus::Missed => Self::TimedOut,
            CallStatus::Busy => Self::Busy,
            CallStatus::Failed => Self::Failed,
            _ => Self::Ended,
        }
    }
}

/// Checks whether this person's devices ring. For a person who is not to be disturbed none rings; the call is
/// in their list.
pub fn rings(seat: &Seat, undisturbed: &[UserId]) -> bool {
    seat.is_pending() && !seat.hidden && !undisturbed.contains(&seat.user_id)
}

/// Checks whether the person is kept informed of the call. A person who was sent away is not, nor one from
/// whom the call is hidden.
pub fn hears(seat: &Seat) -> bool {
    !seat.hidden && seat.status != ParticipantStatus::Kicked
}

/// Checks whether the others have yet to learn that the call is over: it was never answered, and not
/// declined.
pub fn is_news(record: &Record) -> bool {
    record.accepted_at.is_none() && record.status != CallStatus::Declined
}

/// Lists the notices that these events cause, in order; `record` is the call after them. A call that is over
/// says so once, and a call whose state has changed several times at once says so once.
pub fn notices(record: &Record, events: &[Event], undisturbed: &[UserId]) -> Vec<Notice> {
    let sent_away = events.iter().filter_map(|event| match event {
        Event::Kicked { user, .. } | Event::Removed { user } => Some(*user),
        _ => None,
    });
    let recipients = Recipients { record, undisturbed, sent_away: sent_away.collect() };
    let over = events.iter().any(|event| matches!(event, Event::Over { .. }));
    let mut notices = Vec::new();
    let mut state_is_due = !over;
    for event in events {
        let tells_state = match event {
            Event::Started => {
                notices.extend(record.participants.iter().filter_map(|seat| recipients.incoming(seat)));
                false
            }
            Event::Invited { user, .. } if !over => {
                notices.extend(record.seat(*user).and_then(|seat| recipients.incoming(seat)));
                true
            }
            Event::Ringing { user, device } if !over => {
                notices.push(recipients.ringing(*user, *device));
                false
            }
            Event::Accepted { user, device } => {
                notices.extend(recipients.accepted(*user, *device));
                false
            }
            Event::Declined { user, device } => {
                notices.push(elsewhere(*user, *device, HandledHow::Declined));
                true
            }
            Event::Silenced { user } => {
                notices.push(silenced(*user));
                false
            }
            Event::Updated { user } | Event::Muted { user, .. } if !over => {
                notices.extend(record.seat(*user).map(|_| recipients.all(News::Updated { user: *user })));
                false
            }
            Event::Over { .. } => {
                notices.push(recipients.over(events));
                false
            }
            _ => true,
        };
        if tells_state && std::mem::take(&mut state_is_due) {
            notices.push(recipients.all(News::State));
        }
    }
    notices
}

fn elsewhere(user: UserId, but: DeviceId, how: HandledHow) -> Notice {
    Notice { to: vec![Audience::OtherDevices { user, but }], news: News::HandledElsewhere { how } }
}

/// Stops the ring on all devices of a person, since it was a block that ended it and none of them.
fn silenced(user: UserId) -> Notice {
    let news = News::HandledElsewhere { how: HandledHow::Silenced };
    Notice { to: vec![Audience::Users(vec![user])], news }
}

struct Recipients<'a> {
    record: &'a Record,
    undisturbed: &'a [UserId],
    /// People who hear of the call for the last time.
    sent_away: Vec<UserId>,
}

impl Recipients<'_> {
    fn incoming(&self, seat: &Seat) -> Option<Notice> {
        let user = seat.user_id;
        let news = News::Incoming { user };
        rings(seat, self.undisturbed).then(|| Notice { to: vec![Audience::Users(vec![user])], news })
    }

    fn ringing(&self, user: UserId, device: DeviceId) -> Notice {
        let mut caller = self.everyone_but(None);
        caller.retain(|id| *id == self.record.initiator_id);
        Notice { to: vec![Audience::Users(caller)], news: News::Ringing { user, device } }
    }

    fn accepted(&self, user: UserId, device: DeviceId) -> [Notice; 2] {
        let to = vec![Audience::Users(self.everyone_but(Some(user))), Audience::Device { user, device }];
        let accepted = Notice { to, news: News::Accepted { user, device } };
        [accepted, elsewhere(user, device, HandledHow::Accepted)]
    }

    fn over(&self, events: &[Event]) -> Notice {
        let news = News::end(self.record.status);
        // The person who declined knows; their other devices were told that it is handled.
        let decliner = events.iter().find_map(|event| match event {
            Event::Declined { user, .. } if news == News::Declined => Some(*user),
            _ => None,
        });
        Notice { to: vec![Audience::Users(self.everyone_but(decliner))], news }
    }

    fn all(&self, news: News) -> Notice {
        Notice { to: vec![Audience::Users(self.everyone_but(None))], news }
    }

    fn everyone_but(&self, but: Option<UserId>) -> Vec<UserId> {
        let last_words = |seat: &Seat| !seat.hidden && self.sent_away.contains(&seat.user_id);
        let seats = self.record.participants.iter();
        let heard = seats.filter(|seat| hears(seat) || last_words(seat));
        heard.map(|seat| seat.user_id).filter(|id| Some(*id) != but).collect()
    }
}
