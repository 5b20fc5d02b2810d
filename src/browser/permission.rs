//! Permissions that the person gives the page: for devices, and for notices of the system.

use super::listener::Listener;
use js_sys::{Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationPermission, PermissionState, PermissionStatus};

/// The state of a permission, in the words of the Permissions API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// The browser asks when the page needs it.
    Prompt,
    Granted,
    Denied,
    /// The browser does not tell, or has no such thing.
    Unknown,
}

/// Whose browser it is, as far as the way to its settings differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    Chromium,
    Firefox,
    Safari,
    Other,
}

/// Reads the permission for a device: `microphone` or `camera`.
pub async fn device(name: &str) -> Permission {
    match query(name).await {
        Some(status) => match status.state() {
            PermissionState::Granted => Permission::Granted,
            PermissionState::Denied => Permission::Denied,
            PermissionState::Prompt => Permission::Prompt,
            _ => Permission::Unknown,
        },
        None => Permission::Unknown,
    }
}

/// Calls back when the person decides otherwise, beside the address bar or in the settings.
pub async fn on_change(name: &str, mut changed: impl FnMut() + 'static) -> Option<Listener> {
    let status = query(name).await?;
    // The status would be collected, and its news with it.
    let kept = status.clone();
    Some(Listener::new(&status, "change", move |_: JsValue| {
        let _ = &kept;
        changed();
    }))
}

async fn query(name: &str) -> Option<PermissionStatus> {
    let what = Object::new();
    let _ = Reflect::set(&what, &"name".into(), &name.into());
    let asked = window().navigator().permissions().ok().filter(|p| !p.is_undefined())?.query(&what).ok()?;
    JsFuture::from(asked).await.ok()?.dyn_into().ok()
}

/// Reads the permission for notices of the system.
pub fn notices() -> Permission {
    if !Reflect::has(&window(), &"Notification".into()).unwrap_or(false) {
        return Permission::Unknown;
    }
    match Notification::permission() {
        NotificationPermission::Granted => Permission::Granted,
        NotificationPermission::Denied => Permission::Denied,
        _ => Permission::Prompt,
    }
}

/// Asks; browsers show the question only after a click.
pub async fn ask_notices() -> Permission {
    if let Ok(asked) = Notification::request_permission() {
        let _ = JsFuture::from(Promise::from(JsValue::from(asked))).await;
    }
    notices()
}

/// Devices and notices exist on pages only that came over a secure connection, or from this machine.
pub fn is_secure() -> bool {
    window().is_secure_context()
}

pub fn maker() -> Maker {
    let agent = window().navigator().user_agent().unwrap_or_default();
    // Chromium says all three names, Safari its own alone.
    if agent.contains("Firefox/") {
        Maker::Firefox
    } else if agent.contains("Chrome/") || agent.contains("CriOS/") {
        Maker::Chromium
    } else if agent.contains("Safari/") {
        Maker::Safari
    } else {
        Maker::Other
    }
}
