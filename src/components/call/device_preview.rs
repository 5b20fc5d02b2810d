//! A preview of the devices: the camera's picture, the microphone's level, and the choice of devices.

use super::device_trouble::DeviceTrouble;
use crate::components::kit::{
    each::{press, text},
    icon::{Glyph, Icon},
};
use crate::{
    call::{
        handle::CallHandle,
        view::{Device, DeviceKind},
    },
    platform::preview::{Lens, Preview},
    words::{Word, count, say},
};
use leptos::{html::Video, prelude::*, task::spawn_local};
use parley_core::phone::MediaKind;

/// Shows the camera's picture with the level meter over it, and the reason for a device that fails.
#[component]
pub fn DevicePreview(
    preview: Preview,
    /// Whether to show the picture; without it there is the meter alone.
    #[prop(default = true)]
    picture: bool,
) -> impl IntoView {
    let element = NodeRef::<Video>::new();
    preview.show(element);
    let sees = move || preview.camera().get() == Lens::On;
    let note = move || match preview.camera().get() {
        Lens::Starting => say(Word::Starting),
        Lens::On => "",
        Lens::Off | Lens::Failed(_) => say(Word::CameraIsOff),
    };
    let trouble = move |kind, lens: Signal<Lens>| match lens.get() {
        Lens::Failed(trouble) => Some(view! { <DeviceTrouble kind trouble /> }),
        Lens::Off | Lens::Starting | Lens::On => None,
    };
    view! {
        <div class="device-preview" data-picture=picture.to_string()>
            <div class="device-preview-picture">
                <video node_ref=element muted autoplay playsinline aria-label=say(Word::YourPicture) hidden=move || !sees()></video>
                <p class="device-preview-note" hidden=move || !picture || sees()>
                    <Icon of=Glyph::VideoOff />
                    {text(move || note().to_owned())}
                </p>
                <LevelMeter preview />
            </div>
            {move || trouble(MediaKind::Mic, preview.mic())}
            {move || trouble(MediaKind::Camera, preview.camera())}
        </div>
    }
}

/// Shows the level of the microphone.
#[component]
fn LevelMeter(preview: Preview) -> impl IntoView {
    let level = preview.level();
    let heard = move || preview.mic().get() == Lens::On;
    view! {
        <div class="level" hidden=move || !heard()>
            <Icon of=Glyph::Mic />
            <div
                class="level-bar"
                role="meter"
                aria-label=say(Word::MicLevel)
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=text(move || format!("{:.0}", level.get() * 100.0))
            >
                <div class="level-fill" style:scale=text(move || format!("{:.3} 1", level.get()))></div>
            </div>
        </div>
    }
}

/// Shows a list for each kind of device. A chosen device is used from then on, and remembered.
#[component]
pub fn DevicePickers(preview: Preview, kinds: &'static [DeviceKind]) -> impl IntoView {
    let devices = RwSignal::new(Vec::new());
    let look = move || {
        spawn_local(async move {
            let found = CallHandle::devices().await;
            devices.try_set(found);
        });
    };
    CallHandle::on_device_change(look);
    // Browsers reveal the names of devices only after the person has allowed the page to use one.
    Effect::new(move |_| {
        preview.mic().track();
        preview.camera().track();
        look();
    });
    view! {
        <div class="device-pickers">
            {kinds.iter().map(|kind| view! { <Picker preview kind=*kind devices /> }).collect_view()}
        </div>
    }
}

#[component]
fn Picker(preview: Preview, kind: DeviceKind, devices: RwSignal<Vec<Device>>) -> impl IntoView {
    let (word, glyph) = match kind {
        DeviceKind::Mic => (Word::Microphone, Glyph::Mic),
        DeviceKind::Camera => (Word::Camera, Glyph::Video),
        DeviceKind::Speaker => (Word::Speakers, Glyph::Volume),
    };
    let options = move || {
        let chosen = CallHandle::chosen_device(kind);
        let these: Vec<Device> =
            devices.with(|all| all.iter().filter(|device| device.kind == kind).cloned().collect());
        if these.is_empty() {
            return view! { <option>{say(Word::SystemDevice)}</option> }.into_any();
        }
        let option = |(place, device): (u32, Device)| {
            let label =
                if device.label.is_empty() { count(Word::DeviceNumber, place, &[]) } else { device.label };
            let selected = chosen.as_ref() == Some(&device.id);
            view! { <option value=device.id selected=selected>{label}</option> }
        };
        (1..).zip(these).map(option).collect_view().into_any()
    };
    let test = (kind == DeviceKind::Speaker).then(|| {
        view! {
            <button type="button" class="button" on:click=press(move || preview.test_speakers())>
                <Icon of=Glyph::Play />
                {say(Word::PlaySound)}
            </button>
        }
    });
    view! {
        <div class="device-picker">
            <label class="field">
                <span class="device-picker-name">
                    <Icon of=glyph />
                    {say(word)}
                </span>
                <select class="input" on:change=move |event| preview.choose(kind, &event_target_value(&event))>
                    {options}
                </select>
            </label>
            {test}
        </div>
    }
}
