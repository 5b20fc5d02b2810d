//! The page itself: its title, its address, and whether anybody looks at it.

use super::listener::Listener;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::{document, location, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag};

pub fn set_title(title: &str) {
    document().set_title(title);
}

/// The number on the sign of an installed page; nothing where there is none.
pub fn set_badge(count: usize) {
    let navigator = window().navigator();
    let set =
        Reflect::get(&navigator, &"setAppBadge".into()).ok().and_then(|set| set.dyn_into::<Function>().ok());
    let number = u32::try_from(count).unwrap_or(u32::MAX);
    if let Some(promise) = set.and_then(|set| set.call1(&navigator, &number.into()).ok()) {
        // Refused where the page is not installed.
        spawn_local(async move {
            let _ = JsFuture::from(Promise::from(promise)).await;
        });
    }
}

/// `light` or `dark` whatever the system has; empty: as the system has it.
pub fn set_theme(theme: &str) {
    let Some(root) = document().document_element() else { return };
    // An attribute of this name is always good.
    let _ = if theme.is_empty() {
        root.remove_attribute("data-theme")
    } else {
        root.set_attribute("data-theme", theme)
    };
}

/// For example `https://parley.example`.
pub fn origin() -> String {
    location().origin().unwrap_or_default()
}

/// Loads the page anew.
pub fn reload() {
    // Nothing follows for which a refusal would matter.
    let _ = location().reload();
}

/// The text as a part of an address.
pub fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// Device pixels for each of the page, in percent.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
pub fn pixel_ratio() -> u32 {
    (window().device_pixel_ratio() * 100.0) as u32
}

pub fn is_visible() -> bool {
    !document().hidden()
}

/// A fresh random word, to tell a repeated request from a new one. `None` where the browser has no
/// randomness to give.
pub fn random_word() -> Option<String> {
    let mut bytes = [0_u8; 16];
    window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes.iter().fold(String::new(), |word, byte| word + &format!("{byte:02x}")))
}

/// Calls back when the page goes away for good: closed, reloaded, or left for another.
pub fn on_leave(mut left: impl FnMut() + 'static) -> Listener {
    Listener::new(&window(), "pagehide", move |_: JsValue| left())
}

/// Calls back with whether anybody can see the page, whenever that changes.
pub fn on_visibility(mut changed: impl FnMut(bool) + 'static) -> Listener {
    Listener::new(&document(), "visibilitychange", move |_: JsValue| changed(is_visible()))
}

/// Calls back when the page runs again after the browser has put it to sleep, as when a lid is opened.
pub fn on_wake(mut woken: impl FnMut() + 'static) -> Listener {
    Listener::new(&document(), "resume", move |_: JsValue| woken())
}

/// Calls back when the browser thinks that there is a network again.
pub fn on_network(mut back: impl FnMut() + 'static) -> Listener {
    Listener::new(&window(), "online", move |_: JsValue| back())
}

/// Calls back when the person does something with hand or keyboard.
pub fn on_gesture(acted: impl Fn() + Clone + 'static) -> [Listener; 2] {
    ["pointerdown", "keydown"].map(|event| {
        let acted = acted.clone();
        Listener::new(&window(), event, move |_: JsValue| acted())
    })
}

/// Not where the page is shown inside another, and not on every phone.
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

/// Whether the person has done anything on this page: until then it may not sound.
pub fn was_touched() -> bool {
    let activation = window().navigator().user_activation();
    // Absent in browsers that decide otherwise.
    activation.is_undefined() || activation.has_been_active()
}

/// A last word to the server, delivered also when the page is already gone.
pub fn beacon(path: &str, json: &str) -> bool {
    let options = BlobPropertyBag::new();
    options.set_type("application/json");
    let parts = js_sys::Array::of1(&json.into());
    Blob::new_with_str_sequence_and_options(&parts, &options)
        .and_then(|body| window().navigator().send_beacon_with_opt_blob(path, Some(&body)))
        .unwrap_or(false)
}

/// Whether a media query holds.
pub fn matches(query: &str) -> bool {
    let ask = js_sys::Reflect::get(&window(), &"matchMedia".into());
    let ask = ask.ok().and_then(|ask| wasm_bindgen::JsCast::dyn_into::<js_sys::Function>(ask).ok());
    let list = ask.and_then(|ask| ask.call1(&window(), &query.into()).ok());
    list.and_then(|list| js_sys::Reflect::get(&list, &"matches".into()).ok()?.as_bool()).unwrap_or(false)
}
