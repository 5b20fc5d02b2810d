//! The banner for a call that arrives while this person is in a call in another tab or on another device. It
//! rings and is answered there; this tab stays silent and is not covered.

use crate::components::kit::{avatar::Avatar, each::press};
use crate::{
    call::{handle::CallHandle, view::Incoming},
    words::{Word, fill, say},
};
use leptos::prelude::*;
use parley_protocol::call::CallType;

#[component]
pub fn RingsElsewhere(call: Incoming) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    handle.hush();
    let from = match call.call_type {
        CallType::Audio => Word::IncomingAudioFrom,
        CallType::Video => Word::IncomingVideoFrom,
    };
    let from = fill(from, &[("name", &call.from.display_name)]);
    view! {
        <div class="waiting-call rings-elsewhere" role="status">
            <Avatar of=call.from />
            <p class="waiting-call-who">
                <strong>{from}</strong>
                <span>{say(Word::AnswerWhereYouTalk)}</span>
            </p>
            <button type="button" class="button" on:click=press(move || handle.decline())>
                {say(Word::Decline)}
            </button>
        </div>
    }
}
