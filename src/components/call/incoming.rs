//! The screen of an incoming call. Enter answers, Escape declines.

use super::decline_words::{DeclineWords, confine_enter};
use crate::components::kit::{
    avatar::{Avatar, AvatarSize},
    each::{flag, press, text},
    icon::{Glyph, Icon},
};
use crate::words::{Word, fill, say};
use crate::{
    call::{
        handle::CallHandle,
        view::{CallViewStoreFields, Incoming},
    },
    platform,
    state::inbox::Inbox,
};
use leptos::{
    ev,
    html::{Button, Div},
    prelude::*,
};
use parley_protocol::call::{CallMode, CallType};
use std::time::Duration;

/// The time for which keys are ignored if the person was typing: the next Enter was meant for the text.
const TYPING_SETTLES: Duration = Duration::from_millis(1_200);

#[component]
pub fn IncomingCall(call: Incoming) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let answer_button = NodeRef::<Button>::new();
    let video = call.call_type == CallType::Video;
    let (kind, from, glyph) = if video {
        (Word::IncomingVideo, Word::IncomingVideoFrom, Glyph::Video)
    } else {
        (Word::IncomingAudio, Word::IncomingAudioFrom, Glyph::Phone)
    };
    let name = call.from.display_name.clone();
    let inbox = use_context::<Inbox>().filter(|_| call.mode == CallMode::Group);
    let group = inbox.and_then(|inbox| inbox.group_name(call.conversation_id));
    let group = group.map(|group| fill(Word::InGroup, &[("group", &group)]));
    let mut label = fill(from, &[("name", &name)]);
    if let Some(group) = &group {
        label = format!("{label} {group}");
    }
    let group = group.map(|group| view! { <p class="incoming-call-group">{group}</p> });
    let answer = move || handle.answer(video);
    let connects = move || handle.view().connects().get();
    let card = NodeRef::<Div>::new();
    // The focused button is hidden once the call is answered, so the card takes the focus.
    Effect::new(move |_| {
        if let Some(card) = card.get().filter(|_| connects()) {
            let _ = card.focus();
        }
    });
    let words = RwSignal::new(false);
    listen_to_keyboard(handle, answer_button, words, answer);
    let declined = call.clone();
    view! {
        <div
            class="incoming-call cover"
            role="alertdialog"
            aria-modal="true"
            aria-label=label
            data-words=flag(move || words.get())
            data-connects=flag(connects)
            tabindex="-1"
            node_ref=card
        >
            <div class="incoming-call-person">
                <div class="ringing" data-still=flag(connects)>
                    <Avatar of=call.from size=AvatarSize::Huge />
                </div>
                <h1>{name}</h1>
                {group}
                <p class="incoming-call-kind">
                    <Icon of=glyph />
                    <span role="status">
                        {text(move || say(if connects() { Word::Connecting } else { kind }).to_owned())}
                    </span>
                </p>
            </div>
            <div class="call-choices">
                <button
                    type="button"
                    class="call-choice"
                    data-tone="danger"
                    on:keydown=|event| confine_enter(&event)
                    on:click=press(move || handle.decline())
                >
                    <span class="call-choice-disc" data-turn="down"><Icon of=Glyph::Phone /></span>
                    {say(Word::Decline)}
                </button>
                {video.then(|| view! { <AnswerWithoutVideo handle /> })}
                <button
                    type="button"
                    class="call-choice"
                    data-tone="good"
                    node_ref=answer_button
                    on:keydown=|event| confine_enter(&event)
                    on:click=press(answer)
                >
                    <span class="call-choice-disc"><Icon of=glyph /></span>
                    {say(Word::Answer)}
                </button>
            </div>
            <div class="incoming-call-words">
                <DeclineWords call=declined open=words decline=move |()| handle.decline() />
            </div>
            <p class="call-hint">{say(Word::AnswerKeys)}</p>
        </div>
    }
}

#[component]
fn AnswerWithoutVideo(handle: CallHandle) -> impl IntoView {
    view! {
        <button
            type="button"
            class="call-choice"
            on:keydown=|event| confine_enter(&event)
            on:click=press(move || handle.answer(false))
        >
            <span class="call-choice-disc"><Icon of=Glyph::VideoOff /></span>
            {say(Word::AnswerWithoutVideo)}
        </button>
    }
}

fn listen_to_keyboard(
    handle: CallHandle,
    answer_button: NodeRef<Button>,
    words: RwSignal<bool>,
    answer: impl Fn() + Copy + 'static,
) {
    let settled = StoredValue::new(true);
    let focus = move || {
        if let Some(button) = answer_button.get_untracked() {
            let _ = button.focus();
        }
    };
    if platform::focused().is_text_field() {
        settled.set_value(false);
        let settle = move || {
            settled.set_value(true);
            focus();
        };
        if let Ok(timer) = set_timeout_with_handle(settle, TYPING_SETTLES) {
            on_cleanup(move || timer.clear());
        }
    }
    Effect::new(move |_| {
        if answer_button.get().is_some() && settled.get_value() {
            focus();
        }
    });
    let listener = window_event_listener(ev::keydown, move |event| {
        let answered = handle.view().connects().get_untracked();
        if answered && event.key() == "Escape" {
            event.prevent_default();
            return handle.leave();
        }
        if answered || event.repeat() || event.is_composing() || !settled.try_get_value().unwrap_or(false) {
            return;
        }
        let key = event.key();
        // While the message panel is open, Enter belongs to it, and Escape closes it.
        match key.as_str() {
            "Escape" if words.get_untracked() => words.set(false),
            "Enter" if words.get_untracked() => return,
            "Enter" => answer(),
            "Escape" => handle.decline(),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}
