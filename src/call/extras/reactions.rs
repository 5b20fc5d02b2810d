//! Reactions: each is shown for a moment and disappears by itself.

use super::view::{Reacted, RoomExtrasView, RoomExtrasViewStoreFields};
use crate::browser::timer::{self, Timer};
use leptos::prelude::*;
use parley_core::time::{Duration, Instant};
use parley_protocol::{DeviceId, data::Reaction};
use reactive_stores::Store;
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

/// The time for which a reaction is shown.
const STAYS: Duration = Duration::from_millis(4_000);
/// The most reactions that are shown at once; the oldest makes room for a new one.
const SHOWN_MAX: usize = 12;

/// The reactions on this tab's screen.
pub struct Reactions {
    this: Weak<Self>,
    extras: Store<RoomExtrasView>,
    /// The shown reactions with the moment at which each ends, the oldest first.
    until: RefCell<Vec<(Reacted, Instant)>>,
    /// The number of the last reaction.
    last: Cell<u32>,
    timer: RefCell<Option<Timer>>,
}

impl Reactions {
    pub fn new(extras: Store<RoomExtrasView>) -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            extras,
            until: RefCell::default(),
            last: Cell::default(),
            timer: RefCell::default(),
        })
    }

    /// Shows a reaction of a device, or of this person if there is none.
    pub fn show(&self, from: Option<DeviceId>, reaction: Reaction) {
        self.last.set(self.last.get().wrapping_add(1));
        let reacted = Reacted { number: self.last.get(), from, reaction };
        {
            let mut until = self.until.borrow_mut();
            if until.len() == SHOWN_MAX {
                until.remove(0);
            }
            until.push((reacted, timer::now() + STAYS));
        }
        self.tell();
    }

    pub fn clear(&self) {
        if !self.until.take().is_empty() {
            self.tell();
        }
    }

    /// Removes the reactions that are over, updates the view, and sets the timer for the next end.
    fn tell(&self) {
        let now = timer::now();
        self.until.borrow_mut().retain(|(_, until)| *until > now);
        let shown = self.until.borrow().iter().map(|(reacted, _)| *reacted).collect();
        self.extras.reactions().set(shown);
        let first = self.until.borrow().first().map(|(_, until)| *until);
        self.timer.replace(first.and_then(|until| {
            let this = Weak::clone(&self.this);
            Timer::after(until.since(now) + Duration::from_millis(1), move || {
                if let Some(this) = this.upgrade() {
                    this.tell();
                }
            })
        }));
    }
}
