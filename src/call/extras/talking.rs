//! Push-to-talk: a key that opens a muted microphone for as long as it is held. `core::talk` decides.

use super::view::{RoomExtrasView, RoomExtrasViewStoreFields};
use leptos::prelude::*;
use parley_core::{
    phone::Capture,
    talk::{Input, Talk},
};
use reactive_stores::Store;
use std::cell::Cell;

/// The push-to-talk machine and its projection.
pub struct Talking {
    talk: Cell<Talk>,
    extras: Store<RoomExtrasView>,
}

impl Talking {
    pub fn new(extras: Store<RoomExtrasView>) -> Self {
        Self { talk: Cell::default(), extras }
    }

    /// Takes an input; returns whether the microphone has to be switched.
    pub fn handle(&self, input: Input) -> bool {
        let mut talk = self.talk.get();
        let switches = talk.handle(input);
        self.put(talk);
        switches
    }

    /// Takes the state of the microphone. Returns true if it was closed by something else than this person: a
    /// host has muted them, or the call is over.
    pub fn follow(&self, mic: Capture) -> bool {
        let open = matches!(mic, Capture::On | Capture::Starting);
        let mut talk = self.talk.get();
        match (open, talk.is_open()) {
            (true, false) => {
                self.put(Talk::Open);
                false
            }
            (false, true) => {
                talk.handle(Input::MutedByOther);
                self.put(talk);
                true
            }
            _ => false,
        }
    }

    fn put(&self, talk: Talk) {
        self.talk.set(talk);
        let held = talk == Talk::Held;
        if self.extras.held().get_untracked() != held {
            self.extras.held().set(held);
        }
    }
}
