//! The screen that this person shows, from the choice to the end, whoever brings that about.

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

pub struct Sharing {
    this: Weak<Self>,
    extras: Store<RoomExtrasView>,
    share: RefCell<Option<Share>>,
    /// Grows with each end, so that what was asked for before it is not shown after it.
    era: Cell<u32>,
    /// It began, or ended without being asked to.
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

    /// Puts the screen and its sound behind microphone and camera.
    pub fn add_to(&self, tracks: &mut Tracks) {
        if let Some(share) = &*self.share.borrow() {
            tracks[2] = Some(share.picture());
            tracks[3] = share.sound();
        }
    }

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
