//! The dialog before a call for which the browser will ask for the microphone or camera. The browser's
//! question then appears beside its reason, and the person sees and hears whether the devices work.

use super::{
    device_preview::{DevicePickers, DevicePreview},
    screen::covers_page,
};
use crate::components::kit::{
    each::press,
    icon::{Glyph, Icon},
};
use crate::{
    call::{handle::CallHandle, view::DeviceKind},
    platform::preview::Preview,
    words::{Word, fill, say},
};
use leptos::{html::Dialog, prelude::*};
use parley_protocol::call::CallType;

/// A call that the person has yet to confirm, with its callbacks.
#[derive(Clone)]
pub struct PlannedCall {
    pub name: String,
    pub call_type: CallType,
    pub begin: Callback<()>,
    pub cancel: Callback<()>,
}

#[component]
pub fn BeforeCall(of: PlannedCall) -> impl IntoView {
    let PlannedCall { name, call_type, begin, cancel } = of;
    let preview = Preview::new();
    let dialog = NodeRef::<Dialog>::new();
    let video = call_type == CallType::Video;
    // A modal dialog lies in the top layer, above every call screen. It closes while a call covers the page,
    // so that an incoming call can be answered.
    let covered = covers_page(expect_context::<CallHandle>());
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if covered.get() {
            dialog.close();
        } else {
            let _ = dialog.show_modal();
            preview.open(true, video);
        }
    });
    let call = move || {
        // The call opens the devices itself, and some cameras cannot be opened twice.
        preview.close();
        begin.run(());
    };
    let kinds: &'static [DeviceKind] = if video {
        &[DeviceKind::Mic, DeviceKind::Speaker, DeviceKind::Camera]
    } else {
        &[DeviceKind::Mic, DeviceKind::Speaker]
    };
    view! {
        <dialog
            class="dialog before-call"
            node_ref=dialog
            aria-labelledby="before-call-heading"
            on:close=move |_| cancel.run(())
        >
            <h2 id="before-call-heading">{fill(Word::BeforeCalling, &[("name", &name)])}</h2>
            <p>{say(Word::BeforeCallMeans)}</p>
            <DevicePreview preview picture=video />
            <DevicePickers preview kinds />
            <div class="dialog-actions">
                <button type="button" class="button" on:click=press(move || cancel.run(()))>
                    {say(Word::Cancel)}
                </button>
                <button type="button" class="button" data-tone="brand" on:click=press(call)>
                    <Icon of=if video { Glyph::Video } else { Glyph::Phone } />
                    {say(Word::CallNow)}
                </button>
            </div>
        </dialog>
    }
}
