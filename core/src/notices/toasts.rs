//! The list of toasts, at most three: old news gives way to newer news, errors stay until they are dismissed.

use crate::{
    speakers::Hint,
    time::{Duration, Instant},
};
use parley_protocol::people::UserSummary;
use std::collections::VecDeque;

const SHOWN_MAX: usize = 3;
/// The most errors that wait for a place on the screen; equal ones wait once.
const WAITING_MAX: usize = 8;
const STAYS: Duration = Duration::from_millis(6_000);
/// The longest life of a toast, however much is added to it.
const STAYS_AT_MOST: Duration = Duration::from_millis(20_000);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Joined,
    Left,
    HandRaised,
    MutedByOther,
    Hint(Hint),
    /// A sentence of the page about something that was done, or happened.
    Said(String),
    /// A sentence of the page about a wish of the person that failed.
    Failed(String),
}

impl Kind {
    pub const fn is_error(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// Checks whether the toast means nothing outside of its room.
    pub const fn is_of_room(&self) -> bool {
        !matches!(self, Self::Said(_) | Self::Failed(_))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// The identity of the toast, which stays the same while more is added.
    pub number: u32,
    pub kind: Kind,
    /// The people whom the toast is about, in the order of the news.
    pub who: Vec<UserSummary>,
    /// The count of its occurrences, for a toast that is about nobody.
    pub times: u32,
    stays: Stays,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stays {
    UntilDismissed,
    Until { at: Instant, at_most: Instant },
}

#[derive(Debug, Clone, Default)]
pub struct Toasts {
    shown: Vec<Toast>,
    waiting: VecDeque<Kind>,
    /// The time since which nobody can see the page. The clock of the toasts stands still meanwhile.
    hidden_since: Option<Instant>,
    last_number: u32,
}

impl Toasts {
    pub fn shown(&self) -> &[Toast] {
        &self.shown
    }

    pub fn is_shown(&self, kind: &Kind) -> bool {
        self.shown.iter().any(|toast| toast.kind == *kind)
    }

    pub fn tell(&mut self, now: Instant, kind: Kind, who: Vec<UserSummary>) {
        if let Some(toast) = self.shown.iter_mut().find(|toast| toast.kind == kind) {
            return toast.add(self.hidden_since.unwrap_or(now), who);
        }
        let now = self.hidden_since.unwrap_or(now);
        let is_error = kind.is_error();
        if self.shown.len() == SHOWN_MAX {
            match self.shown.iter().position(|toast| toast.stays != Stays::UntilDismissed) {
                Some(oldest) => {
                    self.shown.remove(oldest);
                }
                None if is_error => return self.wait(kind),
                None => return,
            }
        }
        self.last_number = self.last_number.wrapping_add(1);
        let stays = if is_error {
            Stays::UntilDismissed
        } else {
            Stays::Until { at: now + STAYS, at_most: now + STAYS_AT_MOST }
        };
        self.shown.push(Toast { number: self.last_number, kind, who, times: 1, stays });
    }

    pub fn remove(&mut self, number: u32) {
        self.shown.retain(|toast| toast.number != number);
        self.fill();
    }

    /// Removes the toasts that mean nothing outside of their room.
    pub fn leave_room(&mut self) {
        self.shown.retain(|toast| !toast.kind.is_of_room());
    }

    pub fn expire(&mut self, now: Instant) {
        if self.hidden_since.is_none() {
            self.shown.retain(|toast| toast.until().is_none_or(|until| now < until));
        }
    }

    pub fn deadline(&self) -> Option<Instant> {
        if self.hidden_since.is_some() {
            return None;
        }
        self.shown.iter().filter_map(Toast::until).min()
    }

    pub fn set_visible(&mut self, now: Instant, visible: bool) {
        if !visible {
            self.hidden_since.get_or_insert(now);
        } else if let Some(hidden_since) = self.hidden_since.take() {
            let unseen = now.since(hidden_since);
            for toast in &mut self.shown {
                if let Stays::Until { at, at_most } = &mut toast.stays {
                    *at = *at + unseen;
                    *at_most = *at_most + unseen;
                }
            }
        }
    }

    fn wait(&mut self, kind: Kind) {
        if !self.waiting.contains(&kind) && self.waiting.len() < WAITING_MAX {
            self.waiting.push_back(kind);
        }
    }

    fn fill(&mut self) {
        while self.shown.len() < SHOWN_MAX
            && let Some(kind) = self.waiting.pop_front()
        {
            // Only errors wait, and an error has no time of its own.
            self.tell(Instant::default(), kind, Vec::new());
        }
    }
}

impl Toast {
    fn until(&self) -> Option<Instant> {
        match self.stays {
            Stays::UntilDismissed => None,
            Stays::Until { at, .. } => Some(at),
        }
    }

    fn add(&mut self, now: Instant, who: Vec<UserSummary>) {
        self.times = self.times.saturating_add(1);
        for person in who {
            if !self.who.iter().any(|known| known.id == person.id) {
                self.who.push(person);
            }
        }
        if let Stays::Until { at, at_most } = &mut self.stays {
            *at = (now + STAYS).min(*at_most).max(*at);
        }
    }
}
