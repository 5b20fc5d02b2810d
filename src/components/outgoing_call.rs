//! This person rings somebody: how far that has come, with their own picture behind it.

use super::{
    avatar::{Avatar, AvatarSize},
    icon::{Glyph, Icon},
    media_notice::MediaNotice,
};
use crate::call::{
    handle::{CallHandle, Picture},
    view::{CallViewStoreFields, Outgoing, Stage},
};
use leptos::{
    ev,
    html::{Button, Video},
    prelude::*,
};
use parley_core::phone::Capture;

#[component]
pub fn OutgoingCall(#[prop(into)] call: Signal<Outgoing>) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let to = Memo::new(move |_| call.with(|call| call.to.clone()));
    let stage = Memo::new(move |_| call.with(|call| call.stage));
    let camera_on = Memo::new(move |_| handle.view().camera().get() == Capture::On);
    let name = move || to.with(|to| to.display_name.clone());
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
            aria-label=move || format!("Calling {}", name())
        >
            <video
                class="outgoing-call-preview"
                data-picture="own"
                data-shown=move || camera_on.get().to_string()
                node_ref=preview
                autoplay
                playsinline
                muted
                prop:muted=true
                aria-hidden="true"
            ></video>
            <div class="outgoing-call-person">
                <div class="ringing" data-quiet=move || (stage.get() == Stage::Calling).to_string()>
                    <Avatar of=to size=AvatarSize::Huge />
                </div>
                <h1>{name}</h1>
                <p role="status">
                    {move || match stage.get() {
                        Stage::Calling => "Calling…",
                        Stage::Ringing => "Ringing…",
                    }}
                </p>
            </div>
            <MediaNotice />
            <div class="call-choices">
                <button
                    type="button"
                    class="call-choice"
                    data-tone="danger"
                    aria-label="Cancel call"
                    node_ref=cancel_button
                    on:click=move |_| handle.leave()
                >
                    <span class="call-choice-disc" data-turn="down"><Icon of=Glyph::Phone /></span>
                    "Cancel"
                </button>
            </div>
        </div>
    }
}
