//! The toasts of the page: results and failures everywhere, and in a room arrivals, departures and raised
//! hands, with their sounds.
//!
//! ```text
//!                    ┌── opposite news of the same person: neither is told
//!   somebody came ─► gathered ── 0.4 s ──► shown ── 6 s unseen does not count ──► gone
//!                                            ▲ │
//!             more of the same, at once ─────┘ └── dismissed ──► gone
//!   something failed ──────────────────────► shown until dismissed
//! ```
//!
//! People are not mentioned while this device reconnects and until its roster has settled, because the roster
//! then changes without anybody having moved. Toasts about a room go with the room. Words and languages are
//! the page's: a toast is a kind, some names and a number, or a sentence of the page.

mod toasts;

pub use toasts::{Kind, Toast};

use crate::{
    alert::Note,
    speakers::Hint,
    time::{Duration, Instant, earliest},
};
use parley_protocol::{UserId, people::UserSummary};
use toasts::Toasts;

/// The time in which news is gathered and shown together.
const BURST: Duration = Duration::from_millis(400);
/// The most people with whom arrivals are heard. In a larger call somebody always comes or goes.
const SOUNDS_UP_TO: usize = 8;
const SOUNDS_APART: Duration = Duration::from_millis(500);
/// The time after a reconnect in which the roster is repeated, which is no news.
const SETTLING: Duration = Duration::from_millis(2_000);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Joined(UserSummary),
    Left(UserSummary),
    HandRaised(UserSummary),
    HandLowered(UserId),
    /// The person who muted this one.
    MutedBy(UserSummary),
    Hint(Hint),
    /// A sentence about something that was done, or happened.
    Said(String),
    /// A sentence about something that went wrong.
    Failed(String),
    /// A toast that was dismissed, by its number.
    Dismiss(u32),
    Reconnecting(bool),
    /// The change into another room, or out of the last one.
    NewRoom,
    /// Whether anybody can see the page.
    Visible(bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    Joined,
    Left,
    Hand,
}

impl Sound {
    pub const fn notes(self) -> &'static [Note] {
        const fn note(hertz: u16, from_ms: u16) -> Note {
            Note { hertz, from_ms, length_ms: 110 }
        }
        const JOINED: &[Note] = &[note(523, 0), note(659, 120)];
        const LEFT: &[Note] = &[note(659, 0), note(523, 120)];
        const HAND: &[Note] = &[note(784, 0)];
        match self {
            Self::Joined => JOINED,
            Self::Left => LEFT,
            Self::Hand => HAND,
        }
    }
}

/// The state of the roster, which decides whether arrivals and departures are news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Roster {
    #[default]
    Steady,
    Reconnecting,
    SettlingUntil(Instant),
}

#[derive(Debug, Clone, Default)]
pub struct Notices {
    toasts: Toasts,
    roster: Roster,
    gathered: Vec<(Kind, UserSummary)>,
    tell_at: Option<Instant>,
    sounded_at: Option<Instant>,
}

impl Notices {
    /// Applies an input, and returns the sound to play. `present` counts the people in the call, including
    /// this one.
    pub fn handle(&mut self, now: Instant, present: usize, input: Input) -> Option<Sound> {
        self.tick(now);
        match input {
            Input::Joined(who) => return self.news(now, present, Kind::Joined, who),
            Input::Left(who) => return self.news(now, present, Kind::Left, who),
            Input::HandRaised(who) => return self.news(now, present, Kind::HandRaised, who),
            Input::HandLowered(id) => {
                self.gathered.retain(|(kind, who)| *kind != Kind::HandRaised || who.id != id);
            }
            Input::MutedBy(who) => self.toasts.tell(now, Kind::MutedByOther, vec![who]),
            Input::Hint(hint) => self.toasts.tell(now, Kind::Hint(hint), Vec::new()),
            Input::Said(text) => self.toasts.tell(now, Kind::Said(text), Vec::new()),
            Input::Failed(text) => self.toasts.tell(now, Kind::Failed(text), Vec::new()),
            Input::Dismiss(number) => self.toasts.remove(number),
            Input::Reconnecting(true) => {
                self.roster = Roster::Reconnecting;
                self.gathered.clear();
                self.tell_at = None;
            }
            Input::Reconnecting(false) if self.roster == Roster::Reconnecting => {
                self.roster = Roster::SettlingUntil(now + SETTLING);
            }
            Input::Reconnecting(false) => {}
            Input::NewRoom => {
                self.roster = Roster::Steady;
                self.gathered.clear();
                self.tell_at = None;
                self.sounded_at = None;
                self.toasts.leave_room();
            }
            Input::Visible(visible) => self.toasts.set_visible(now, visible),
        }
        None
    }

    pub fn tick(&mut self, now: Instant) {
        if self.tell_at.is_some_and(|at| at <= now) {
            self.tell_at = None;
            for kind in [Kind::Joined, Kind::Left, Kind::HandRaised] {
                let who: Vec<_> =
                    self.gathered.iter().filter(|(of, _)| *of == kind).map(|(_, who)| who.clone()).collect();
                if !who.is_empty() {
                    self.toasts.tell(now, kind, who);
                }
            }
            self.gathered.clear();
        }
        self.toasts.expire(now);
    }

    /// Returns the time when [`Self::tick`] is due.
    pub fn deadline(&self) -> Option<Instant> {
        earliest(self.tell_at, self.toasts.deadline())
    }

    /// Returns the toasts on the screen, at most three, the oldest first.
    pub fn toasts(&self) -> &[Toast] {
        self.toasts.shown()
    }

    fn news(&mut self, now: Instant, present: usize, kind: Kind, who: UserSummary) -> Option<Sound> {
        match self.roster {
            Roster::Steady => {}
            Roster::SettlingUntil(until) if until <= now => self.roster = Roster::Steady,
            Roster::Reconnecting | Roster::SettlingUntil(_) => return None,
        }
        let of_same = |(_, other): &(Kind, UserSummary)| other.id == who.id;
        if let Some(at) = self.gathered.iter().position(of_same).filter(|_| kind != Kind::HandRaised) {
            // Coming and going within a burst cancel each other, and the same news twice is told once.
            if self.gathered[at].0 != kind {
                self.gathered.retain(|entry| !of_same(entry));
            }
            return None;
        }
        let sound = match kind {
            Kind::Joined => Some(Sound::Joined),
            Kind::Left => Some(Sound::Left),
            Kind::HandRaised => Some(Sound::Hand),
            Kind::MutedByOther | Kind::Hint(_) | Kind::Said(_) | Kind::Failed(_) => None,
        };
        if self.toasts.is_shown(&kind) {
            self.toasts.tell(now, kind, vec![who]);
        } else {
            self.gathered.push((kind, who));
            self.tell_at = earliest(self.tell_at, Some(now + BURST));
        }
        self.sound(now, present, sound?)
    }

    fn sound(&mut self, now: Instant, present: usize, sound: Sound) -> Option<Sound> {
        let too_soon = self.sounded_at.is_some_and(|at| now.since(at) < SOUNDS_APART);
        if present > SOUNDS_UP_TO || too_soon {
            return None;
        }
        self.sounded_at = Some(now);
        Some(sound)
    }
}

#[cfg(test)]
mod tests;
