//! Says what is wrong with the microphone or the camera, and what to do about it.

use super::icon::{Glyph, Icon};
use crate::call::{
    handle::CallHandle,
    view::{CallViewStoreFields, MediaFault},
};
use leptos::prelude::*;
use parley_core::phone::Capture;

#[component]
pub fn MediaNotice() -> impl IntoView {
    let view = expect_context::<CallHandle>().view();
    let mic = Memo::new(move |_| fault(view.mic().get()));
    let camera = Memo::new(move |_| fault(view.camera().get()));
    view! {
        <div class="media-notices" role="status">
            {move || mic.get().map(|fault| notice("Microphone", fault))}
            {move || camera.get().map(|fault| notice("Camera", fault))}
        </div>
    }
}

fn fault(capture: Capture) -> Option<MediaFault> {
    match capture {
        Capture::Failed(fault) => Some(fault),
        Capture::Off | Capture::Starting | Capture::On => None,
    }
}

fn notice(device: &'static str, fault: MediaFault) -> impl IntoView {
    let (what, remedy) = match fault {
        MediaFault::NotFound => ("not found", "Connect one and switch it on again."),
        MediaFault::Denied => ("blocked", "Allow it beside the address bar, then switch it on again."),
        MediaFault::InUse => ("in use by another program", "Close that program, then switch it on again."),
        MediaFault::Other => ("does not start", "Switch it on again, or try another one."),
    };
    view! {
        <p class="media-notice">
            <Icon of=Glyph::TriangleAlert />
            <span>
                <strong>{format!("{device} {what}.")}</strong>
                " "
                {remedy}
            </span>
        </p>
    }
}
