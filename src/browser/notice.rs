//! System notifications and vibration, for a person who is not looking at the page.

use super::{listener::Listener, page};
use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// A shown notification; dropping it closes it.
pub struct Notice {
    notice: Notification,
    _clicked: Listener,
}

impl Notice {
    /// Shows a notification; a click on it brings the page to the front. Returns none where the person has
    /// not allowed it.
    pub fn show(title: &str, tag: &str) -> Option<Self> {
        if Notification::permission() != NotificationPermission::Granted {
            return None;
        }
        let options = NotificationOptions::new();
        options.set_tag(tag);
        options.set_icon("/favicon.svg");
        options.set_require_interaction(true);
        // Some browsers on phones let only a service worker show notifications, and throw here.
        let notice = Notification::new_with_options(title, &options).ok()?;
        let clicked = Listener::new(&notice, "click", |_: JsValue| drop(window().focus()));
        Some(Self { notice, _clicked: clicked })
    }
}

impl Drop for Notice {
    fn drop(&mut self) {
        self.notice.close();
    }
}

/// Vibrates in a pattern of milliseconds on and off, where the device can and the person has touched the
/// page.
pub fn vibrate(pattern: &[u32]) {
    let navigator = window().navigator();
    if !page::was_touched() || !Reflect::has(&navigator, &"vibrate".into()).unwrap_or(false) {
        return;
    }
    let pattern: js_sys::Array = pattern.iter().map(|ms| JsValue::from(*ms)).collect();
    navigator.vibrate_with_pattern(&pattern);
}
