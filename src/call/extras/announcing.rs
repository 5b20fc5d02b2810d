//! Announcements in a room, as toasts and sounds: people who come and go, raised hands, lost connections, and
//! hints about this person's microphone.
//!
//! It compares the room before and after each change, and listens to the microphone. `core::notices` and
//! `core::speakers` decide which of it is worth a toast.

use crate::call::view::{CallView, Link, Person, Room, Seat};
use crate::{
    browser::{
        loudness::Loudness,
        timer::{self, Timer},
    },
    state::toasts::Toasts,
};
use parley_core::{
    notices::{Input, Sound},
    phone::{Capture, Screen},
    speakers::{Hint, Hints, Level, Microphone},
    time::Duration,
};
use parley_protocol::call::{CallMode, Role};
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

/// The interval between two readings of the microphone: shorter than a syllable.
const LISTEN_EVERY: Duration = Duration::from_millis(100);
/// The pause before the microphone is listened to. Opening an audio context may block the browser, while it
/// looks for speakers, and the room is to be drawn and connected first.
const LISTEN_FROM: Duration = Duration::from_millis(1_000);

/// The announcements of this tab.
pub struct Announcing {
    this: Weak<Self>,
    toasts: Toasts,
    /// The room at the last change.
    room: RefCell<Option<Room>>,
    hints: RefCell<Hints>,
    microphone: Cell<Microphone>,
    loudness: RefCell<Option<Loudness>>,
    /// The browser could not start a meter on this microphone.
    deaf: Cell<bool>,
    /// The timer of the next reading.
    listen: RefCell<Option<Timer>>,
    /// Starts a meter on this person's microphone.
    listen_to: Box<dyn Fn() -> Option<Loudness>>,
    play: Box<dyn Fn(Sound)>,
}

impl Announcing {
    pub fn new(
        toasts: Toasts,
        listen_to: impl Fn() -> Option<Loudness> + 'static,
        play: impl Fn(Sound) + 'static,
    ) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| Self {
            this: Weak::clone(this),
            toasts,
            room: RefCell::default(),
            hints: RefCell::default(),
            microphone: Cell::default(),
            loudness: RefCell::default(),
            deaf: Cell::default(),
            listen: RefCell::default(),
            listen_to: Box::new(listen_to),
            play: Box::new(play),
        })
    }

    /// Takes the changed view of the call.
    pub fn follow(&self, view: &CallView) {
        let Screen::Room(room) = &view.screen else { return self.end() };
        let before = self.room.replace(Some(room.clone()));
        match before.filter(|before| before.call_id == room.call_id) {
            Some(before) => self.compare(&before, room),
            None => self.begin(),
        }
        self.microphone.set(match view.mic {
            Capture::On => Microphone::Open,
            Capture::Off => Microphone::Muted,
            Capture::Starting | Capture::Failed(_) => Microphone::Off,
        });
        if self.wants_to_listen() && self.listen.borrow().is_none() {
            self.listen_after(LISTEN_FROM);
        }
    }

    fn wants_to_listen(&self) -> bool {
        self.loudness.borrow().is_none() && !self.deaf.get() && self.microphone.get() != Microphone::Off
    }

    /// Ends the meter. Another one starts on the microphone that is there at the next reading.
    pub fn mic_changed(&self) {
        self.loudness.take();
        self.deaf.set(false);
    }

    /// Returns the loudness of this person as the others hear it: silent while muted.
    pub fn own_level(&self) -> Level {
        let heard = self.loudness.borrow();
        let amplitude = heard.as_ref().filter(|_| self.microphone.get() == Microphone::Open);
        amplitude.map_or(Level::SILENCE, |loudness| Level::of_amplitude(loudness.now()))
    }

    /// Announces that this person was muted. The page is not told by whom, so the first host or co-host is
    /// named.
    pub fn muted_by_other(&self) {
        let host = self.room.borrow().as_ref().and_then(|room| {
            let mut hosts = room.people.iter().filter(|person| !person.is_me && may_mute(person));
            hosts.next().map(|person| person.user.clone())
        });
        if let Some(host) = host {
            self.tell(Input::MutedBy(host));
        }
    }

    /// Passes news to the toasts and plays the sound that they decide on.
    pub fn tell(&self, input: Input) {
        let present = self.room.borrow().as_ref().map_or(0, |room| present(room).count());
        if let Some(sound) = self.toasts.tell(present, input) {
            (self.play)(sound);
        }
    }

    fn begin(&self) {
        self.tell(Input::NewRoom);
        self.hints.replace(Hints::default());
    }

    fn end(&self) {
        if self.room.take().is_some() {
            self.loudness.take();
            self.listen.take();
            self.tell(Input::NewRoom);
        }
    }

    /// Announces the differences between two states of the same room.
    fn compare(&self, before: &Room, after: &Room) {
        let lost = |room: &Room| room.link == Link::Reconnecting;
        if lost(before) != lost(after) {
            self.tell(Input::Reconnecting(lost(after)));
        }
        for person in present(after).filter(|person| !person.is_me) {
            let was = present(before).find(|was| was.user.id == person.user.id);
            let hand = was.is_some_and(|was| was.media.hand);
            if was.is_none() && after.mode == CallMode::Group {
                self.tell(Input::Joined(person.user.clone()));
            }
            if person.media.hand && !hand {
                self.tell(Input::HandRaised(person.user.clone()));
            } else if hand && !person.media.hand {
                self.tell(Input::HandLowered(person.user.id));
            }
        }
        let gone = |was: &&Person| !was.is_me && !present(after).any(|person| person.user.id == was.user.id);
        if after.mode == CallMode::Group {
            for person in present(before).filter(gone) {
                self.tell(Input::Left(person.user.clone()));
            }
        }
    }

    fn listen_after(&self, pause: Duration) {
        let this = Weak::clone(&self.this);
        self.listen.replace(Timer::after(pause, move || {
            if let Some(this) = this.upgrade() {
                this.listen();
            }
        }));
    }

    /// Reads the microphone once, gives the hint that follows, and sets the timer for the next reading.
    fn listen(&self) {
        self.listen.take();
        if self.wants_to_listen() {
            let heard = (self.listen_to)();
            self.deaf.set(heard.is_none());
            self.loudness.replace(heard);
        }
        let Some(amplitude) = self.loudness.borrow().as_ref().map(Loudness::now) else { return };
        let level = Level::of_amplitude(amplitude);
        let hint: Option<Hint> = self.hints.borrow_mut().handle(timer::now(), self.microphone.get(), level);
        if let Some(hint) = hint {
            self.tell(Input::Hint(hint));
        }
        self.listen_after(LISTEN_EVERY);
    }
}

fn present(room: &Room) -> impl Iterator<Item = &Person> {
    room.people.iter().filter(|person| matches!(person.seat, Seat::Here { .. }))
}

fn may_mute(person: &Person) -> bool {
    matches!(person.role, Role::Host | Role::CoHost)
}
