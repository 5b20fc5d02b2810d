//! Short news: one list for the whole page, decided by `core::notices`, which has the clock of this browser here.

use crate::browser::{
    listener::Listener,
    page,
    timer::{self, Timer},
};
use leptos::prelude::*;
use parley_core::notices::{Input, Notices, Sound, Toast};

#[derive(Clone, Copy)]
pub struct Toasts {
    notices: StoredValue<Notices>,
    shown: RwSignal<Vec<Toast>>,
    due: StoredValue<Option<Timer>, LocalStorage>,
    _visible: StoredValue<Option<Listener>, LocalStorage>,
}

impl Toasts {
    #[expect(clippy::new_without_default, reason = "makes signals, so it belongs to whoever calls it")]
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

    pub fn say(self, text: impl Into<String>) {
        self.tell(0, Input::Said(text.into()));
    }

    /// Stays until somebody dismisses it.
    pub fn fail(self, text: impl Into<String>) {
        self.tell(0, Input::Failed(text.into()));
    }

    pub fn dismiss(self, number: u32) {
        self.tell(0, Input::Dismiss(number));
    }

    /// At most three, the oldest first.
    pub fn shown(self) -> Signal<Vec<Toast>> {
        self.shown.into()
    }

    /// `present` are the people in the room, where the news is of a room. Gives the sound that is to be heard.
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
