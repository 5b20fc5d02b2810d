//! The address bar: what it shows, and how that changes without loading the page anew.

use super::listener::Listener;
use leptos::prelude::{location, window};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent};

pub fn path() -> String {
    location().pathname().unwrap_or_default()
}

/// A step that *Back* returns from.
pub fn go(path: &str) {
    // Refused only when a page goes too often; the place is shown all the same.
    let _ =
        window().history().and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(path)));
}

/// The same step, to another place.
pub fn replace(path: &str) {
    let _ =
        window().history().and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(path)));
}

/// Calls back when the person goes back or forth.
pub fn on_walk(mut walked: impl FnMut() + 'static) -> Listener {
    Listener::new(&window(), "popstate", move |_: JsValue| walked())
}

/// Offers the path of every link to this server that is clicked to be opened here. What is not taken is for
/// the browser.
pub fn on_link(mut take: impl FnMut(&str) -> bool + 'static) -> Listener {
    Listener::new(&window(), "click", move |event: MouseEvent| {
        if link(&event).is_some_and(|path| take(&path)) {
            event.prevent_default();
        }
    })
}

fn link(event: &MouseEvent) -> Option<String> {
    let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if elsewhere || event.button() != 0 || event.default_prevented() {
        return None;
    }
    let element: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = element.closest("a[href]").ok()??.dyn_into().ok()?;
    let here = link.target().is_empty()
        && link.hash().is_empty()
        && !link.has_attribute("download")
        && Some(link.origin()) == location().origin().ok();
    here.then(|| link.pathname())
}
