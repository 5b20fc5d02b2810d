//! Call waiting: the banner for a call that arrives during another one, which goes on meanwhile.

use super::decline_words::DeclineWords;
use crate::components::kit::{
    avatar::Avatar,
    each::{flag, press},
    icon::{Glyph, Icon},
};
use crate::{
    call::{
        handle::CallHandle,
        view::{CallViewStoreFields, Incoming},
    },
    words::{Word, fill, say},
};
use leptos::prelude::*;
use parley_protocol::call::CallType;

#[component]
pub fn WaitingCall() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let waiting = handle.view().waiting();
    move || waiting.get().map(|call| view! { <Banner handle call /> })
}

#[component]
fn Banner(handle: CallHandle, call: Incoming) -> impl IntoView {
    let video = call.call_type == CallType::Video;
    let (from, kind) = if video {
        (Word::IncomingVideoFrom, Word::IncomingVideo)
    } else {
        (Word::IncomingAudioFrom, Word::IncomingAudio)
    };
    let name = call.from.display_name.clone();
    let label = fill(from, &[("name", &name)]);
    let words = RwSignal::new(false);
    let declined = call.clone();
    view! {
        <div
            class="waiting-call"
            role="alertdialog"
            aria-label=label
            data-words=flag(move || words.get())
        >
            <Avatar of=call.from />
            <p class="waiting-call-who">
                <strong>{name}</strong>
                <span>{say(kind)}</span>
            </p>
            <div class="waiting-call-choices">
                <button type="button" class="button" on:click=press(move || handle.decline_waiting())>
                    {say(Word::Decline)}
                </button>
                <button
                    type="button"
                    class="button"
                    data-tone="brand"
                    on:click=press(move || handle.answer_waiting(video))
                >
                    <Icon of=if video { Glyph::Video } else { Glyph::Phone } />
                    {say(Word::LeaveAndAnswer)}
                </button>
            </div>
            <div class="waiting-call-words">
                <DeclineWords call=declined open=words decline=move |()| handle.decline_waiting() />
            </div>
        </div>
    }
}
