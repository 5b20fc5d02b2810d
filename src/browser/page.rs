//! The page as a whole: title, theme, origin, visibility and life cycle.

use super::listener::Listener;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::{document, location, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag};

pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Sets the number on the icon of an installed page.
pub fn set_badge(count: usize) {
    let navigator = window().navigator();
    let set =
        Reflect::get(&navigator, &"setAppBadge".into()).ok().and_then(|set| set.dyn_into::<Function>().ok());
    let number = u32::try_from(count).unwrap_or(u32::MAX);
    if let Some(promise) = set.and_then(|set| set.call1(&navigator, &number.into()).ok()) {
        // Rejected where the page is not installed.
        spawn_local(async move {
            let _ = JsFuture::from(Promise::from(promise)).await;
        });
    }
}

/// Sets the theme, `light` or `dark`; an empty one follows the system.
pub fn set_theme(theme: &str) {
    let Some(root) = document().document_element() else { return };
    // Fails only for a malformed name of an attribute.
    let _ = if theme.is_empty() {
        root.remove_attribute("data-theme")
    } else {
        root.set_attribute("data-theme", theme)
    };
}

/// Returns the page's origin, for example `https://parley.example`.
pub fn origin() -> String {
    location().origin().unwrap_or_default()
}

/// Loads the page anew.
pub fn reload() {
    // If it is refused, the page simply stays.
    let _ = location().reload();
}

/// Escapes a text for use as a part of an address.
pub fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// Returns the device pixels for each CSS pixel, in percent.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
pub fn pixel_ratio() -> u32 {
    (window().device_pixel_ratio() * 100.0) as u32
}

pub fn is_visible() -> bool {
    !document().hidden()
}

/// Returns 128 random bits in hexadecimal, for use as an idempotency key; none where the browser has no
/// randomness.
pub fn random_word() -> Option<String> {
    let mut bytes = [0_u8; 16];
    window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes.iter().fold(String::new(), |word, byte| word + &format!("{byte:02x}")))
}

/// Calls back when the page goes away for good: closed, reloaded, or left for another.
pub fn on_leave(mut left: impl FnMut() + 'static) -> Listener {
    Listener::new(&window(), "pagehide", move |_: JsValue| left())
}

/// Calls back with the visibility of the page whenever it changes.
pub fn on_visibility(mut changed: impl FnMut(bool) + 'static) -> Listener {
    Listener::new(&document(), "visibilitychange", move |_: JsValue| changed(is_visible()))
}

/// Calls back when the page runs again after the browser has frozen it.
pub fn on_wake(mut woken: impl FnMut() + 'static) -> Listener {
    Listener::new(&document(), "resume", move |_: JsValue| woken())
}

/// Calls back when the browser thinks that there is a network again.
pub fn on_network(mut back: impl FnMut() + 'static) -> Listener {
    Listener::new(&window(), "online", move |_: JsValue| back())
}

/// Calls back on every press of a pointer or a key.
pub fn on_gesture(acted: impl Fn() + Clone + 'static) -> [Listener; 2] {
    ["pointerdown", "keydown"].map(|event| {
        let acted = acted.clone();
        Listener::new(&window(), event, move |_: JsValue| acted())
    })
}

/// Tells whether the page may fill the screen: not inside a frame of another page, and not on every phone.
pub fn can_full_screen() -> bool {
    document().fullscreen_enabled()
}

pub fn toggle_full_screen() {
    let document = document();
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
    } else if let Some(root) = document.document_element() {
        let _ = root.request_fullscreen();
    }
}

/// Tells whether the person has touched the page. Until then browsers let it neither sound nor vibrate.
pub fn was_touched() -> bool {
    let activation = window().navigator().user_activation();
    // Where the interface is missing, the browser decides at the attempt itself.
    activation.is_undefined() || activation.has_been_active()
}

/// Sends a `POST` that is delivered even if the page is gone by then; returns whether the browser has queued
/// it.
pub fn beacon(path: &str, json: &str) -> bool {
    let options = BlobPropertyBag::new();
    options.set_type("application/json");
    let parts = js_sys::Array::of1(&json.into());
    Blob::new_with_str_sequence_and_options(&parts, &options)
        .and_then(|body| window().navigator().send_beacon_with_opt_blob(path, Some(&body)))
        .unwrap_or(false)
}

/// Tells whether a media query matches.
pub fn matches(query: &str) -> bool {
    let ask = js_sys::Reflect::get(&window(), &"matchMedia".into());
    let ask = ask.ok().and_then(|ask| wasm_bindgen::JsCast::dyn_into::<js_sys::Function>(ask).ok());
    let list = ask.and_then(|ask| ask.call1(&window(), &query.into()).ok());
    list.and_then(|list| js_sys::Reflect::get(&list, &"matches".into()).ok()?.as_bool()).unwrap_or(false)
}
