//! The reason why a microphone or camera fails, and the remedy in this browser.

use crate::components::kit::icon::{Glyph, Icon};
use crate::{
    platform::preview::{Maker, Trouble, maker},
    words::{Word, say},
};
use leptos::prelude::*;
use parley_core::phone::MediaKind;

#[component]
pub fn DeviceTrouble(kind: MediaKind, trouble: Trouble) -> impl IntoView {
    let (what, way) = sentences(kind, trouble, maker());
    view! {
        <div class="device-trouble" role="alert">
            <Icon of=Glyph::TriangleAlert />
            <p>
                <strong>{say(what)}</strong>
                " "
                <span>{say(way)}</span>
            </p>
        </div>
    }
}

/// Returns the problem and its remedy.
pub fn sentences(kind: MediaKind, trouble: Trouble, maker: Maker) -> (Word, Word) {
    let either = |mic, camera| if kind == MediaKind::Mic { mic } else { camera };
    match trouble {
        Trouble::Denied => (
            either(Word::MicDenied, Word::CameraDenied),
            match maker {
                Maker::Chromium => Word::WayDeniedChromium,
                Maker::Firefox => Word::WayDeniedFirefox,
                Maker::Safari => Word::WayDeniedSafari,
                Maker::Other => Word::WayDeniedOther,
            },
        ),
        Trouble::Dismissed => (either(Word::MicDismissed, Word::CameraDismissed), Word::WayDismissed),
        Trouble::System => (either(Word::MicSystem, Word::CameraSystem), Word::WaySystem),
        Trouble::InUse => (either(Word::MicTaken, Word::CameraTaken), Word::WayTaken),
        Trouble::Absent => (either(Word::MicAbsent, Word::CameraAbsent), Word::WayAbsent),
        Trouble::Insecure => (either(Word::MicInsecure, Word::CameraInsecure), Word::WayInsecure),
        Trouble::Other => (either(Word::MicStuck, Word::CameraStuck), Word::WayStuck),
    }
}
