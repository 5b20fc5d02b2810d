//! The list of microphones, cameras and speakers, and the person's choice among them, kept in this browser.

use super::{listener::Listener, storage};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaDeviceInfo, MediaDeviceKind, MediaDevices};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKind {
    Mic,
    Camera,
    Speaker,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub kind: DeviceKind,
    pub id: String,
    /// The name that the browser gives it; empty until the person has allowed the page a device.
    pub label: String,
}

impl DeviceKind {
    const fn key(self) -> &'static str {
        match self {
            Self::Mic => "mic",
            Self::Camera => "camera",
            Self::Speaker => "speaker",
        }
    }

    fn of(kind: MediaDeviceKind) -> Option<Self> {
        match kind {
            MediaDeviceKind::Audioinput => Some(Self::Mic),
            MediaDeviceKind::Videoinput => Some(Self::Camera),
            MediaDeviceKind::Audiooutput => Some(Self::Speaker),
            _ => None,
        }
    }
}

/// Returns the id of the chosen device, which may be unplugged at the moment.
pub fn chosen(kind: DeviceKind) -> Option<String> {
    storage::read(kind.key()).filter(|id| !id.is_empty())
}

/// Keeps the choice; an empty id means the system's own.
pub fn choose(kind: DeviceKind, id: &str) {
    storage::write(kind.key(), id);
}

/// Lists the devices that are plugged in.
pub async fn list() -> Vec<Device> {
    let Some(asked) = media_devices().and_then(|devices| devices.enumerate_devices().ok()) else {
        return Vec::new();
    };
    let Ok(found) = JsFuture::from(asked).await else { return Vec::new() };
    let device = |info: JsValue| {
        let info: MediaDeviceInfo = info.unchecked_into();
        Some(Device { kind: DeviceKind::of(info.kind())?, id: info.device_id(), label: info.label() })
    };
    js_sys::Array::from(&found).iter().filter_map(device).filter(|device| !device.id.is_empty()).collect()
}

/// Tells whether the device in use is to be replaced, after one was plugged in or out.
///
/// A chosen device is used again when it is back; where none is chosen, the page follows the system's
/// default. A device that was pulled out is no case of this: its track ends, which replaces it.
pub fn means_another(used: &Device, chosen: Option<&str>, found: &[Device]) -> bool {
    let there = |id: &str| found.iter().find(|device| device.kind == used.kind && device.id == id);
    match chosen.and_then(there) {
        Some(wanted) if wanted.id != used.id => true,
        // The system's default has an id of its own, under which the label changes with the device behind it.
        _ => there(&used.id).is_some_and(|same| !same.label.is_empty() && same.label != used.label),
    }
}

/// Calls back when something is plugged in or out.
pub fn on_change(mut changed: impl FnMut() + 'static) -> Option<Listener> {
    let devices = media_devices()?;
    Some(Listener::new(&devices, "devicechange", move |_: JsValue| changed()))
}

/// Returns the browser's devices; none on a page that did not come over a secure connection.
fn media_devices() -> Option<MediaDevices> {
    window().navigator().media_devices().ok().filter(|devices| !devices.is_undefined())
}
