//! Microphone, camera, and apart from them the way out.

use super::icon::{Glyph, Icon};
use crate::call::{handle::CallHandle, view::CallViewStoreFields};
use leptos::prelude::*;
use parley_core::phone::Capture;

#[component]
pub fn CallControls() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let view = handle.view();
    let mic = Memo::new(move |_| view.mic().get());
    let camera = Memo::new(move |_| view.camera().get());
    view! {
        <div class="call-controls" role="group" aria-label="Call controls">
            <Toggle
                capture=mic
                names=["Mute microphone", "Unmute microphone"]
                glyphs=[Glyph::Mic, Glyph::MicOff]
                on_toggle=move || handle.toggle_mic()
            />
            <Toggle
                capture=camera
                names=["Turn camera off", "Turn camera on"]
                glyphs=[Glyph::Video, Glyph::VideoOff]
                on_toggle=move || handle.toggle_camera()
            />
            <button
                type="button"
                class="call-control"
                data-tone="danger"
                data-turn="down"
                aria-label="Leave call"
                title="Leave call"
                on:click=move |_| handle.leave()
            >
                <Icon of=Glyph::Phone />
            </button>
        </div>
    }
}

/// Pressed means switched off, as the name says what a press would do next.
#[component]
fn Toggle(
    capture: Memo<Capture>,
    /// While it is on, and while it is off.
    names: [&'static str; 2],
    glyphs: [Glyph; 2],
    on_toggle: impl Fn() + 'static,
) -> impl IntoView {
    let off = Memo::new(move |_| !matches!(capture.get(), Capture::On | Capture::Starting));
    let failed = Memo::new(move |_| matches!(capture.get(), Capture::Failed(_)));
    let name = move || names[usize::from(off.get())];
    view! {
        <button
            type="button"
            class="call-control"
            aria-pressed=move || off.get().to_string()
            aria-label=name
            title=name
            data-state=move || capture_word(capture.get())
            on:click=move |_| on_toggle()
        >
            {move || view! { <Icon of=glyphs[usize::from(off.get())] /> }}
            <Show when=move || failed.get()>
                <span class="call-control-warning"></span>
            </Show>
        </button>
    }
}

fn capture_word(capture: Capture) -> &'static str {
    match capture {
        Capture::Off => "off",
        Capture::Starting => "starting",
        Capture::On => "on",
        Capture::Failed(_) => "failed",
    }
}
