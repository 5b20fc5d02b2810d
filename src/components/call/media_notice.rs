//! The notice about a failing microphone or camera, with its remedy.

use crate::call::{
    handle::CallHandle,
    view::{CallViewStoreFields, MediaFault},
};
use crate::components::kit::icon::{Glyph, Icon};
use crate::words::{Word, say};
use leptos::prelude::*;
use parley_core::phone::{Capture, MediaKind};

#[component]
pub fn MediaNotice() -> impl IntoView {
    let view = expect_context::<CallHandle>().view();
    view! {
        <div class="media-notices" role="status">
            {move || fault(view.mic().get()).map(|fault| notice(MediaKind::Mic, fault))}
            {move || fault(view.camera().get()).map(|fault| notice(MediaKind::Camera, fault))}
        </div>
    }
}

fn fault(capture: Capture) -> Option<MediaFault> {
    match capture {
        Capture::Failed(fault) => Some(fault),
        Capture::Off | Capture::Starting | Capture::On => None,
    }
}

fn notice(kind: MediaKind, fault: MediaFault) -> AnyView {
    let (word, remedy) = match (fault, kind) {
        (MediaFault::NotFound, MediaKind::Mic) => (Word::MicNotFound, Word::ConnectOne),
        (MediaFault::NotFound, MediaKind::Camera) => (Word::CameraNotFound, Word::ConnectOne),
        (MediaFault::Denied, MediaKind::Mic) => (Word::MicBlocked, Word::AllowIt),
        (MediaFault::Denied, MediaKind::Camera) => (Word::CameraBlocked, Word::AllowIt),
        (MediaFault::InUse, MediaKind::Mic) => (Word::MicInUse, Word::CloseOther),
        (MediaFault::InUse, MediaKind::Camera) => (Word::CameraInUse, Word::CloseOther),
        (MediaFault::Other, MediaKind::Mic) => (Word::MicFails, Word::TryAnother),
        (MediaFault::Other, MediaKind::Camera) => (Word::CameraFails, Word::TryAnother),
    };
    view! {
        <p class="media-notice">
            <Icon of=Glyph::TriangleAlert />
            <span>
                <strong>{say(word)}</strong>
                " "
                {say(remedy)}
            </span>
        </p>
    }
    .into_any()
}
