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

/// Calls back when something is plugged in or out.
pub fn on_change(mut changed: impl FnMut() + 'static) -> Option<Listener> {
    let devices = media_devices()?;
    Some(Listener::new(&devices, "devicechange", move |_: JsValue| changed()))
}

/// Absent on pages that did not come over a secure connection.
fn media_devices() -> Option<MediaDevices> {
    window().navigator().media_devices().ok().filter(|devices| !devices.is_undefined())
}
