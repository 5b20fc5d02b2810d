//! Before the first call of a browser: it asks for the devices here, beside the reason, and the person sees and hears
//! whether they work.

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

/// Whom, how, and what becomes of it.
#[derive(Clone)]
pub struct Planned {
    pub name: String,
    pub call_type: CallType,
    pub begin: Callback<()>,
    pub cancel: Callback<()>,
}

#[component]
pub fn BeforeCall(of: Planned) -> impl IntoView {
    let Planned { name, call_type, begin, cancel } = of;
    let preview = Preview::new();
    let dialog = NodeRef::<Dialog>::new();
    let video = call_type == CallType::Video;
    // A modal dialog lies above everything: a call that comes in could not be answered.
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
        // The call opens them again; two at once would be one too many for some cameras.
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
