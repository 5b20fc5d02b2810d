//! Toasts: one list for the whole page. `core::notices` decides what is shown and for how long; this gives it
//! the clock and a timer.

use crate::browser::{
    listener::Listener,
    page,
    timer::{self, Timer},
};
use leptos::prelude::*;
use parley_core::notices::{Input, Notices, Sound, Toast};

/// The toasts of this tab. All copies are the same.
#[derive(Clone, Copy)]
pub struct Toasts {
    notices: StoredValue<Notices>,
    shown: RwSignal<Vec<Toast>>,
    /// The timer of the next change.
    due: StoredValue<Option<Timer>, LocalStorage>,
    _visible: StoredValue<Option<Listener>, LocalStorage>,
}

impl Toasts {
    #[expect(clippy::new_without_default, reason = "its signals belong to the caller's owner")]
    pub fn new() -> Self {
        let visible = StoredValue::new_local(None);
        let toasts = Self {
            notices: StoredValue::new(Notices::default()),
            shown: RwSignal::new(Vec::new()),
            due: StoredValue::new_local(None),
            _visible: visible,
        };
        visible.set_value(Some(page::on_visibility(move |visible| {
            toasts.tell(0, Input::Visible(visible));
        })));
        toasts
    }

    /// Shows a sentence for a few seconds.
    pub fn say(self, text: impl Into<String>) {
        self.tell(0, Input::Said(text.into()));
    }

    /// Shows an error, which stays until it is dismissed.
    pub fn fail(self, text: impl Into<String>) {
        self.tell(0, Input::Failed(text.into()));
    }

    pub fn dismiss(self, number: u32) {
        self.tell(0, Input::Dismiss(number));
    }

    /// Returns the shown toasts, at most three, the oldest first.
    pub fn shown(self) -> Signal<Vec<Toast>> {
        self.shown.into()
    }

    /// Passes news to the machine and returns the sound to play. `present` is the number of people in the
    /// room that the news is about, or 0.
    pub fn tell(self, present: usize, input: Input) -> Option<Sound> {
        let sound = self.notices.try_update_value(|notices| notices.handle(timer::now(), present, input));
        self.show();
        sound.flatten()
    }

    fn tick(self) {
        self.notices.try_update_value(|notices| notices.tick(timer::now()));
        self.show();
    }

    fn show(self) {
        let Some((toasts, due)) =
            self.notices.try_with_value(|notices| (notices.toasts().to_vec(), notices.deadline()))
        else {
            return;
        };
        if self.shown.try_with_untracked(|shown| *shown != toasts) == Some(true) {
            self.shown.set(toasts);
        }
        let timer = due.and_then(|at| Timer::after(at.since(timer::now()), move || self.tick()));
        self.due.try_set_value(timer);
    }
}
