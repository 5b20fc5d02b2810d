//! The screen of an outgoing call: its progress, over the person's own picture.

use super::media_notice::MediaNotice;
use crate::call::{
    handle::{CallHandle, Picture},
    view::{CallViewStoreFields, Outgoing, Stage},
};
use crate::components::kit::{
    avatar::{Avatar, AvatarSize},
    each::{flag, press, text},
    icon::{Glyph, Icon},
};
use crate::words::{Word, fill, say};
use leptos::{
    ev,
    html::{Button, Video},
    prelude::*,
};
use parley_core::phone::{Capture, Screen};

#[component]
pub fn OutgoingCall(call: Outgoing) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let view = handle.view();
    let name = call.to.display_name.clone();
    let label = if call.stage == Stage::Joining {
        say(Word::JoinCall).to_owned()
    } else {
        fill(Word::CallingSomebody, &[("name", &name)])
    };
    let joins = call.stage == Stage::Joining;
    let waits = say(if joins { Word::Joining } else { Word::Calling });
    let rings = move || {
        view.screen().with(|screen| matches!(screen, Screen::Outgoing(call) if call.stage == Stage::Ringing))
    };
    let connects = move || view.connects().get();
    let says = move || match (connects(), rings()) {
        (true, _) => say(Word::Connecting),
        (false, true) => say(Word::Ringing),
        (false, false) => waits,
    };
    let preview = NodeRef::<Video>::new();
    handle.show(Picture::Own, preview);
    let cancel_button = NodeRef::<Button>::new();
    Effect::new(move |_| {
        if let Some(button) = cancel_button.get() {
            let _ = button.focus();
        }
    });
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && !event.repeat() {
            event.prevent_default();
            handle.leave();
        }
    });
    on_cleanup(move || listener.remove());
    view! {
        <div
            class="outgoing-call cover"
            role="dialog"
            aria-modal="true"
            aria-label=label
        >
            <video
                class="outgoing-call-preview"
                data-picture="own"
                data-shown=flag(move || view.camera().get() == Capture::On)
                node_ref=preview
                autoplay
                playsinline
                muted
                prop:muted=true
                aria-hidden="true"
            ></video>
            <div class="outgoing-call-person">
                <div class="ringing" data-quiet=flag(move || !rings()) data-still=flag(connects)>
                    <Avatar of=call.to size=AvatarSize::Huge />
                </div>
                <h1>{name}</h1>
                <p role="status">
                    {text(move || says().to_owned())}
                </p>
            </div>
            <MediaNotice />
            <div class="call-choices">
                <button
                    type="button"
                    class="call-choice"
                    data-tone="danger"
                    aria-label=say(Word::CancelCall)
                    node_ref=cancel_button
                    on:click=press(move || handle.leave())
                >
                    <span class="call-choice-disc" data-turn="down"><Icon of=Glyph::Phone /></span>
                    {say(Word::Cancel)}
                </button>
            </div>
        </div>
    }
}
