//! The menu that chooses the microphone, camera or speakers, beside the button of the device.

use crate::components::kit::icon::{Glyph, Icon};
use crate::{
    call::{
        handle::CallHandle,
        view::{Device, DeviceKind},
    },
    words::{Word, count, say},
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn DeviceMenu(
    name: Word,
    /// The element id, unique on the page.
    id: &'static str,
    /// The kinds of devices, in the order of the menu.
    kinds: &'static [DeviceKind],
) -> impl IntoView {
    let devices = RwSignal::new(Vec::new());
    let look = move || {
        spawn_local(async move {
            let found = CallHandle::devices().await;
            devices.try_set(found);
        });
    };
    CallHandle::on_device_change(look);
    // A popover: the browser opens and closes it, and returns the focus to the button.
    view! {
        <button type="button" class="device-menu-button" popovertarget=id aria-label=say(name) title=say(name)>
            <Icon of=Glyph::ChevronUp />
        </button>
        <div id=id popover="auto" class="device-menu" on:toggle=move |_| look()>
            {kinds.iter().map(|kind| view! { <Choices kind=*kind devices /> }).collect_view()}
        </div>
    }
}

#[component]
fn Choices(kind: DeviceKind, devices: RwSignal<Vec<Device>>) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let heading = match kind {
        DeviceKind::Mic => Word::Microphone,
        DeviceKind::Camera => Word::Camera,
        DeviceKind::Speaker => Word::Speakers,
    };
    let choice = move |(place, device): (u32, Device), chosen: bool| {
        let label = if device.label.is_empty() {
            count(Word::DeviceNumber, place, &[])
        } else {
            device.label.clone()
        };
        let id = device.id;
        let take = move |_| handle.choose_device(kind, &id);
        view! {
            <label class="device-menu-choice">
                <input type="radio" name=say(heading) prop:checked=chosen on:change=take />
                <span>{label}</span>
            </label>
        }
        .into_any()
    };
    move || {
        let these: Vec<Device> =
            devices.with(|all| all.iter().filter(|device| device.kind == kind).cloned().collect());
        if these.is_empty() {
            return ().into_any();
        }
        let chosen = CallHandle::chosen_device(kind);
        // If the chosen device is not connected, the browser uses the first one.
        let at = these.iter().position(|device| Some(&device.id) == chosen.as_ref()).unwrap_or(0);
        let choices: Vec<AnyView> =
            (1..).zip(these).enumerate().map(|(place, device)| choice(device, place == at)).collect();
        view! {
            <fieldset>
                <legend>{say(heading)}</legend>
                {choices}
            </fieldset>
        }
        .into_any()
    }
}
