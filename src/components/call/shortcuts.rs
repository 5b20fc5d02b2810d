//! The keyboard shortcuts of a call, and the sheet that lists them.

use super::{
    reactions::hand,
    room_panel::{Panel, Panels},
};
use crate::components::kit::each::press;
use crate::{
    call::{
        handle::{Ask, CallHandle},
        view::Room,
    },
    platform,
    state::settings,
    words::{Word, fill, say},
};
use leptos::{ev, html::Dialog, prelude::*};

/// The keys and their actions, in the order of the sheet.
const KEYS: [(Word, Word); 10] = [
    (Word::KeyM, Word::KeyMicrophone),
    (Word::KeyV, Word::KeyCamera),
    (Word::KeyS, Word::KeyShare),
    (Word::KeySpace, Word::KeyTalk),
    (Word::KeyH, Word::KeyHand),
    (Word::KeyC, Word::KeyChat),
    (Word::KeyP, Word::KeyPeople),
    (Word::KeyF, Word::KeyFullScreen),
    (Word::KeyQuestion, Word::KeyHelp),
    (Word::KeyControl, Word::KeyAlso),
];

/// The dialog that lists the shortcuts.
pub type Sheet = NodeRef<Dialog>;

pub fn show(sheet: Sheet) {
    if let Some(sheet) = sheet.get_untracked() {
        let _ = sheet.show_modal();
    }
}

#[component]
pub fn Shortcuts(room: Signal<Room>, sheet: Sheet) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let panels = expect_context::<Panels>();
    let hand = hand(room);
    let is_open = move || sheet.get_untracked().is_some_and(|sheet| sheet.open());
    let close = move || {
        if let Some(sheet) = sheet.get_untracked() {
            sheet.close();
        }
    };
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.repeat() || event.is_composing() || event.alt_key() || event.meta_key() || is_open() {
            return;
        }
        if !settings::has_keys() {
            return;
        }
        let key = event.key().to_lowercase();
        match (event.ctrl_key(), key.as_str()) {
            (true, "d") => handle.toggle_mic(),
            (true, "e") => handle.toggle_camera(),
            (true, _) => return,
            // A single letter may be meant for a text field.
            _ if platform::focused().is_text_field() => return,
            (false, "m") => handle.toggle_mic(),
            (false, "v") => handle.toggle_camera(),
            (false, "s") if CallHandle::can_share() => handle.ask(Ask::ToggleShare),
            (false, "h") => handle.ask(Ask::RaiseHand(!hand.get_untracked())),
            (false, "c") => panels.toggle(Panel::Chat),
            (false, "p") => panels.toggle(Panel::People),
            (false, "f") => platform::toggle_full_screen(),
            (false, "?") => show(sheet),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
    view! {
        <dialog class="dialog shortcuts" node_ref=sheet aria-labelledby="shortcuts-heading">
            <h2 id="shortcuts-heading">{say(Word::Shortcuts)}</h2>
            <KeyList />
            <div class="dialog-actions">
                <button type="button" class="button" on:click=press(close)>
                    {say(Word::Close)}
                </button>
            </div>
        </dialog>
    }
}

/// Shows the keys and their actions.
#[component]
pub fn KeyList() -> impl IntoView {
    view! { <dl class="key-list">{KEYS.into_iter().map(|(keys, does)| view! { <Key keys does /> }).collect_view()}</dl> }
}

/// Returns the tooltip of a control: its name and its key.
pub fn with_key(what: &str, key: Word) -> String {
    fill(Word::WithKey, &[("what", what), ("key", say(key))])
}

#[component]
fn Key(keys: Word, does: Word) -> impl IntoView {
    view! {
        <div>
            <dt>
                <kbd>{say(keys)}</kbd>
            </dt>
            <dd>{say(does)}</dd>
        </div>
    }
}
