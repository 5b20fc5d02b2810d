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
    view! {
        <div class="media-notices" role="status">
            {move || fault(view.mic().get()).map(|fault| notice("Microphone", fault))}
            {move || fault(view.camera().get()).map(|fault| notice("Camera", fault))}
        </div>
    }
}

fn fault(capture: Capture) -> Option<MediaFault> {
    match capture {
        Capture::Failed(fault) => Some(fault),
        Capture::Off | Capture::Starting | Capture::On => None,
    }
}

fn notice(device: &'static str, fault: MediaFault) -> AnyView {
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
    .into_any()
}
