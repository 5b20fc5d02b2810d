//! Which microphones, cameras and speakers there are, and which of them the person has chosen in this browser.

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
    /// Empty until the person has let the page use a device.
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

/// The id that was chosen. It may belong to a device that is not there; then the browser takes another.
pub fn chosen(kind: DeviceKind) -> Option<String> {
    storage::read(kind.key()).filter(|id| !id.is_empty())
}

pub fn choose(kind: DeviceKind, id: &str) {
    storage::write(kind.key(), id);
}

/// All that are there.
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

/// After something was plugged in or out: whether another device than the one in use is meant from here on. What was
/// chosen is taken again when it is back; where nothing was chosen, the system's own choice is followed. (What was
/// pulled out has ended, and is replaced without this.)
pub fn means_another(used: &Device, chosen: Option<&str>, found: &[Device]) -> bool {
    let there = |id: &str| found.iter().find(|device| device.kind == used.kind && device.id == id);
    match chosen.and_then(there) {
        Some(wanted) if wanted.id != used.id => true,
        // The browser lists the system's choice under one id, and names what it is at the moment.
        _ => there(&used.id).is_some_and(|same| !same.label.is_empty() && same.label != used.label),
    }
}

/// Calls back when something is plugged in or out.
pub fn on_change(mut changed: impl FnMut() + 'static) -> Option<Listener> {
    let devices = media_devices()?;
    Some(Listener::new(&devices, "devicechange", move |_: JsValue| changed()))
}

/// Absent on pages that did not come over a secure connection.
fn media_devices() -> Option<MediaDevices> {
    window().navigator().media_devices().ok().filter(|devices| !devices.is_undefined())
}
