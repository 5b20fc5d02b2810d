//! The key that opens a muted microphone for as long as it is held.

use super::view::{RoomExtrasView, RoomExtrasViewStoreFields};
use leptos::prelude::*;
use parley_core::{
    phone::Capture,
    talk::{Input, Talk},
};
use reactive_stores::Store;
use std::cell::Cell;

pub struct Talking {
    talk: Cell<Talk>,
    extras: Store<RoomExtrasView>,
}

impl Talking {
    pub fn new(extras: Store<RoomExtrasView>) -> Self {
        Self { talk: Cell::default(), extras }
    }

    /// True when the microphone is to be switched.
    pub fn handle(&self, input: Input) -> bool {
        let mut talk = self.talk.get();
        let switches = talk.handle(input);
        self.put(talk);
        switches
    }

    /// The microphone as it is. True when it was closed by something else than this person's own switch: somebody
    /// has muted them, or the call is over.
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
