//! The message composer. Enter sends, Shift+Enter starts a new line.

use crate::call::handle::CallHandle;
use crate::components::kit::{
    each::{flag, text},
    icon::{Glyph, Icon},
};
use crate::platform;
use crate::state::inbox::Thread;
use crate::words::{Word, count, say};
use leptos::{ev, html::Textarea, prelude::*};
use parley_protocol::{
    limits::MESSAGE_MAX_CHARS,
    text::{self, TextError},
};

/// The length above which the remaining characters are shown.
const NEARLY_FULL: usize = MESSAGE_MAX_CHARS - 200;

/// The shortest time between two typing notices, in milliseconds.
const TYPING_EVERY_MS: i64 = 3_000;

#[component]
pub fn Composer(thread: Thread) -> impl IntoView {
    let draft = RwSignal::new(String::new());
    let id = thread.conversation_id();
    let handle = expect_context::<CallHandle>();
    let told = StoredValue::new(None::<i64>);
    let field = NodeRef::<Textarea>::new();
    let length = move || draft.with(|draft| draft.chars().count());
    let send = move || {
        match draft.with_untracked(|draft| text::message(draft)) {
            Ok(text) => {
                thread.send(text);
                told.set_value(None);
                draft.set(String::new());
            }
            Err(TextError::Empty | TextError::TooLong { .. }) => {}
        }
        if let Some(field) = field.get_untracked() {
            let _ = field.focus();
        }
    };
    let by_key = {
        let send = send.clone();
        move |event: ev::KeyboardEvent| {
            if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
                event.prevent_default();
                send();
            }
        }
    };
    let by_button = move |event: ev::SubmitEvent| {
        event.prevent_default();
        send();
    };
    let room = move || {
        let length = length();
        if length > MESSAGE_MAX_CHARS {
            count(Word::CharactersTooMany, number(length - MESSAGE_MAX_CHARS), &[])
        } else if length > NEARLY_FULL {
            count(Word::CharactersLeft, number(MESSAGE_MAX_CHARS - length), &[])
        } else {
            String::new()
        }
    };
    let write = move |event: ev::Event| {
        draft.set(event_target_value(&event));
        let now = platform::now().as_millis();
        let due = told.get_value().is_none_or(|told| now - told > TYPING_EVERY_MS);
        if due && draft.with_untracked(|draft| !draft.is_empty()) {
            told.set_value(Some(now));
            handle.typing(id);
        }
    };
    view! {
        <form class="composer" on:submit=by_button>
            // The stylesheet repeats the draft invisibly, and the field grows to the height of that copy.
            <div class="composer-field" data-draft=text(move || draft.get())>
            <textarea
                class="input"
                rows="1"
                aria-label=say(Word::Message)
                placeholder=say(Word::WriteAMessage)
                enterkeyhint="send"
                node_ref=field
                prop:value=draft
                aria-invalid=flag(move || length() > MESSAGE_MAX_CHARS)
                on:input=write
                on:keydown=by_key
            ></textarea>
            </div>
            <button type="submit" class="icon-button" data-tone="brand" aria-label=say(Word::Send) title=say(Word::Send)>
                <Icon of=Glyph::Send />
            </button>
            <p class="composer-note" role="status">
                {text(room)}
            </p>
        </form>
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
