//! Notices of the system, for a person who is not looking at the page.

use super::{listener::Listener, page};
use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// One notice. It goes away when it is dropped.
pub struct Notice {
    notice: Notification,
    _clicked: Listener,
}

impl Notice {
    /// Nothing where the person has not allowed it. A click on it brings the page to the front.
    pub fn show(title: &str, tag: &str) -> Option<Self> {
        if Notification::permission() != NotificationPermission::Granted {
            return None;
        }
        let options = NotificationOptions::new();
        options.set_tag(tag);
        options.set_icon("/favicon.svg");
        options.set_require_interaction(true);
        // Some browsers on phones show notices from a worker only.
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

/// A pattern of milliseconds on and off. Nothing where the device cannot, or the page may not.
pub fn vibrate(pattern: &[u32]) {
    let navigator = window().navigator();
    if !page::was_touched() || !Reflect::has(&navigator, &"vibrate".into()).unwrap_or(false) {
        return;
    }
    let pattern: js_sys::Array = pattern.iter().map(|ms| JsValue::from(*ms)).collect();
    navigator.vibrate_with_pattern(&pattern);
}
