//! This person's screen share, from the choice of a screen to its end. The page, the browser's own *stop*
//! button and the end of the call may each end it.

use super::view::{RoomExtrasView, RoomExtrasViewStoreFields, Sharing as State};
use crate::browser::{
    peer::Tracks,
    share::{NoShare, Share, choose},
};
use leptos::prelude::*;
use reactive_stores::Store;
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};
use wasm_bindgen_futures::spawn_local;

/// The screen share of this tab.
pub struct Sharing {
    this: Weak<Self>,
    extras: Store<RoomExtrasView>,
    share: RefCell<Option<Share>>,
    /// Counts ends. A choice or an end that belongs to an earlier share finds another number and is ignored.
    era: Cell<u32>,
    /// Reports that the share began (true) or ended (false); not when `stop` is called from outside.
    changed: Box<dyn Fn(bool)>,
}

impl Sharing {
    pub fn new(extras: Store<RoomExtrasView>, changed: impl Fn(bool) + 'static) -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            extras,
            share: RefCell::default(),
            era: Cell::default(),
            changed: Box::new(changed),
        })
    }

    /// Adds the screen and its sound to the tracks that are sent.
    pub fn add_to(&self, tracks: &mut Tracks) {
        if let Some(share) = &*self.share.borrow() {
            tracks[2] = Some(share.picture());
            tracks[3] = share.sound();
        }
    }

    /// Begins a share or ends the running one. While the browser still asks for a choice it does nothing.
    pub fn toggle(&self) {
        if self.share.borrow().is_some() {
            self.stop();
            return (self.changed)(false);
        }
        if self.extras.sharing().get_untracked() != State::Choosing {
            self.start();
        }
    }

    pub fn stop(&self) {
        self.era.set(self.era.get() + 1);
        self.share.take();
        self.show(State::Off);
    }

    fn start(&self) {
        self.show(State::Choosing);
        let era = self.era.get();
        let (this, ended) = (Weak::clone(&self.this), Weak::clone(&self.this));
        let chosen = choose(move || {
            if let Some(this) = ended.upgrade().filter(|this| this.era.get() == era) {
                this.stop();
                (this.changed)(false);
            }
        });
        spawn_local(async move {
            let chosen = chosen.await;
            let Some(this) = this.upgrade().filter(|this| this.era.get() == era) else { return };
            match chosen {
                Ok(share) => {
                    this.show(State::On { silenced: share.silenced });
                    this.share.replace(Some(share));
                    (this.changed)(true);
                }
                Err(NoShare::Refused) => this.show(State::Off),
                Err(NoShare::Failed) => this.show(State::Failed),
            }
        });
    }

    fn show(&self, state: State) {
        if self.extras.sharing().get_untracked() != state {
            self.extras.sharing().set(state);
        }
    }
}
