//! Push-to-talk: the space bar opens a muted microphone while it is held. Losing the window's focus or hiding
//! the tab mutes it again.

use crate::components::kit::each::text;
use crate::{
    call::{
        extras::view::RoomExtrasViewStoreFields,
        handle::{Ask, CallHandle},
    },
    platform,
    state::settings,
    words::{Word, say},
};
use leptos::{ev, prelude::*};
use parley_core::talk::Input;

#[component]
pub fn PushToTalk() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let held = handle.extras().held();
    let tell = move |input| handle.ask(Ask::Talk(input));
    let down = window_event_listener(ev::keydown, move |event| {
        let with_others = event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key();
        if event.key() != " " || with_others || event.is_composing() || !settings::has_keys() {
            return;
        }
        // Repeats of a held key still belong to push-to-talk, wherever the focus has moved.
        if !held.get_untracked() && (platform::focused().is_control() || platform::is_dialog_open()) {
            return;
        }
        event.prevent_default();
        tell(Input::Press { repeat: event.repeat() });
    });
    let up = window_event_listener(ev::keyup, move |event| {
        if event.key() == " " {
            tell(Input::Release);
        }
    });
    let blur = window_event_listener(ev::blur, move |_| tell(Input::Blur));
    platform::while_hidden(move || tell(Input::Hidden));
    on_cleanup(move || {
        down.remove();
        up.remove();
        blur.remove();
    });
    let says = move || if held.get() { say(Word::TalkingWhileHeld).to_owned() } else { String::new() };
    view! {
        <p class="push-to-talk" role="status">
            {text(says)}
        </p>
    }
}
