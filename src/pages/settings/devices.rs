//! The devices section: the choice and the test of microphone, camera and speakers.

use crate::{
    call::view::DeviceKind,
    components::{
        call::device_preview::{DevicePickers, DevicePreview},
        kit::{
            each::press,
            icon::{Glyph, Icon},
        },
    },
    platform::preview::{Lens, Preview},
    words::{Word, say},
};
use leptos::prelude::*;

#[component]
pub fn Devices() -> impl IntoView {
    let preview = Preview::new();
    let off = Memo::new(move |_| {
        let quiet = |lens| matches!(lens, Lens::Off | Lens::Failed(_));
        quiet(preview.mic().get()) && quiet(preview.camera().get())
    });
    view! {
        <div class="settings-group">
            <DevicePreview preview />
            <p class="soft">
                {move || say(if off.get() { Word::TryDevicesMeans } else { Word::SaySomething })}
            </p>
            // The camera goes on only by this button, not because the person opens the section.
            {move || if off.get() {
                view! {
                    <button
                        type="button"
                        class="button"
                        data-tone="brand"
                        on:click=press(move || preview.open(true, true))
                    >
                        <Icon of=Glyph::Video />
                        {say(Word::TryDevices)}
                    </button>
                }
                    .into_any()
            } else {
                view! {
                    <button type="button" class="button" on:click=press(move || preview.close())>
                        {say(Word::StopTrying)}
                    </button>
                }
                    .into_any()
            }}
        </div>
        <div class="settings-group">
            <DevicePickers preview kinds=&[DeviceKind::Mic, DeviceKind::Speaker, DeviceKind::Camera] />
        </div>
    }
}
