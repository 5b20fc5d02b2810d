//! The browser's permissions for devices and for system notifications.

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
    /// The browser does not tell, or does not have this permission.
    Unknown,
}

/// The browser's family, for the directions to its permission settings.
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

/// Calls back when the person changes the permission, beside the address bar or in the browser's settings.
pub async fn on_change(name: &str, mut changed: impl FnMut() + 'static) -> Option<Listener> {
    let status = query(name).await?;
    // A status without references is garbage-collected, and its events end; the closure keeps it alive.
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

/// Reads the permission for system notifications.
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

/// Asks for system notifications, and returns the decision. Browsers show the question only after a click.
pub async fn ask_notices() -> Permission {
    if let Ok(asked) = Notification::request_permission() {
        let _ = JsFuture::from(Promise::from(JsValue::from(asked))).await;
    }
    notices()
}

/// Tells whether the page came over a secure connection or from this machine. Without that, browsers give no
/// devices and no notifications.
pub fn is_secure() -> bool {
    window().is_secure_context()
}

/// Reads the browser's family from its user agent.
pub fn maker() -> Maker {
    let agent = window().navigator().user_agent().unwrap_or_default();
    // Chromium's user agent also says `Safari/`, so `Chrome/` is looked for first.
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
