//! The control bar of a call: microphone, camera, screen sharing, reactions, panels, and the leave button.

use super::{
    chat_panel::ChatButton,
    device_menu::DeviceMenu,
    more_menu::MoreMenu,
    people_panel::PeopleButton,
    reactions::ReactMenu,
    share::ShareButton,
    shortcuts::{Sheet, Shortcuts, with_key},
};
use crate::call::{
    handle::CallHandle,
    view::{CallViewStoreFields, DeviceKind, Room},
};
use crate::components::kit::{
    each::{flag, press, text},
    icon::{Glyph, Icon},
};
use crate::words::{Word, say};
use leptos::prelude::*;
use parley_core::phone::Capture;

#[component]
pub fn CallControls(room: Signal<Room>) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let view = handle.view();
    let mic = Signal::derive(move || view.mic().get());
    let camera = Signal::derive(move || view.camera().get());
    let sheet = Sheet::new();
    view! {
        <div class="call-controls" role="group" aria-label=say(Word::CallControls)>
            <div class="call-control-pair">
                <Toggle
                    capture=mic
                    names=[say(Word::MuteMicrophone), say(Word::UnmuteMicrophone)]
                    key=Word::KeyM
                    glyphs=[Glyph::Mic, Glyph::MicOff]
                    on_toggle=CallHandle::toggle_mic
                />
                <DeviceMenu name=Word::SoundDevices id="sound-devices" kinds=&[DeviceKind::Mic, DeviceKind::Speaker] />
            </div>
            <div class="call-control-pair">
                <Toggle
                    capture=camera
                    names=[say(Word::TurnCameraOff), say(Word::TurnCameraOn)]
                    key=Word::KeyV
                    glyphs=[Glyph::Video, Glyph::VideoOff]
                    on_toggle=CallHandle::toggle_camera
                />
                <DeviceMenu name=Word::CameraDevices id="camera-devices" kinds=&[DeviceKind::Camera] />
            </div>
            <ShareButton />
            <ReactMenu room />
            <ChatButton room />
            <PeopleButton />
            <MoreMenu room sheet />
            <Leave />
            <Shortcuts room sheet />
        </div>
    }
}

/// Shows the controls of the floating window: microphone, camera, and the leave button.
#[component]
pub fn MiniControls() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let view = handle.view();
    let mic = Signal::derive(move || view.mic().get());
    let camera = Signal::derive(move || view.camera().get());
    view! {
        <div class="call-controls" role="group" aria-label=say(Word::CallControls)>
            <Toggle
                capture=mic
                names=[say(Word::MuteMicrophone), say(Word::UnmuteMicrophone)]
                key=Word::KeyM
                glyphs=[Glyph::Mic, Glyph::MicOff]
                on_toggle=CallHandle::toggle_mic
            />
            <Toggle
                capture=camera
                names=[say(Word::TurnCameraOff), say(Word::TurnCameraOn)]
                key=Word::KeyV
                glyphs=[Glyph::Video, Glyph::VideoOff]
                on_toggle=CallHandle::toggle_camera
            />
            <Leave />
        </div>
    }
}

#[component]
fn Leave() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    view! {
        <button
            type="button"
            class="call-control"
            data-tone="danger"
            data-turn="down"
            aria-label=say(Word::LeaveCall)
            title=say(Word::LeaveCall)
            on:click=press(move || handle.leave())
        >
            <Icon of=Glyph::Phone />
        </button>
    }
}

/// Shows a toggle button. It counts as pressed while the device is off; its label names the next action.
#[component]
fn Toggle(
    capture: Signal<Capture>,
    /// The labels while the device is on and while it is off.
    names: [&'static str; 2],
    key: Word,
    glyphs: [Glyph; 2],
    on_toggle: fn(CallHandle),
) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let off = Memo::new(move |_| !matches!(capture.get(), Capture::On | Capture::Starting));
    let failed = move || matches!(capture.get(), Capture::Failed(_));
    let name = text(move || names[usize::from(off.get())].to_owned());
    view! {
        <button
            type="button"
            class="call-control"
            aria-pressed=flag(move || off.get())
            aria-label=name
            title=text(move || with_key(&name.get(), key))
            data-state=text(move || capture_word(capture.get()).to_owned())
            on:click=press(move || on_toggle(handle))
        >
            {move || view! { <Icon of=glyphs[usize::from(off.get())] /> }}
            <Show when=failed>
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
