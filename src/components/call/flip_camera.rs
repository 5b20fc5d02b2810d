//! The button that switches between the cameras of a phone; hidden where there is only one.

use crate::components::kit::{
    each::press,
    icon::{Glyph, Icon},
};
use crate::{
    call::{
        handle::CallHandle,
        view::{CallViewStoreFields, Device, DeviceKind},
    },
    platform,
    words::{Word, say},
};
use leptos::{prelude::*, task::spawn_local};
use parley_core::phone::Capture;

#[component]
pub fn FlipCamera() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let cameras = RwSignal::new(Vec::<Device>::new());
    let look = move || {
        spawn_local(async move {
            let found = CallHandle::devices().await;
            cameras.try_set(found.into_iter().filter(|device| device.kind == DeviceKind::Camera).collect());
        });
    };
    CallHandle::on_device_change(look);
    // Browsers list each camera with its id only after the page was allowed to use one.
    Effect::new(move |_| {
        if handle.view().camera().get() == Capture::On {
            look();
        }
    });
    let flip = move || {
        let next = cameras.with_untracked(|cameras| {
            let used = handle.camera_in_use();
            let at = cameras.iter().position(|camera| Some(&camera.id) == used.as_ref()).unwrap_or(0);
            cameras.get((at + 1) % cameras.len().max(1)).map(|camera| camera.id.clone())
        });
        if let Some(id) = next {
            handle.choose_device(DeviceKind::Camera, &id);
        }
    };
    let shown = move || {
        platform::has_coarse_pointer()
            && cameras.with(Vec::len) > 1
            && handle.view().camera().get() == Capture::On
    };
    view! {
        <Show when=shown>
            <button
                type="button"
                class="icon-button flip-camera"
                aria-label=say(Word::FlipCamera)
                title=say(Word::FlipCamera)
                on:click=press(flip)
            >
                <Icon of=Glyph::SwitchCamera />
            </button>
        </Show>
    }
}
