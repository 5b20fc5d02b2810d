//! The address bar, and the links that lead elsewhere.

use super::listener::Listener;
use leptos::prelude::{document, location, window};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent};

/// Returns the path of the address bar.
pub fn path() -> String {
    location().pathname().unwrap_or_default()
}

/// Loads the page at another path.
pub fn load(path: &str) {
    // Refused only while the page goes away already.
    let _ = location().set_href(path);
}

/// Calls back when the person goes back or forth.
pub fn on_walk(mut walked: impl FnMut() + 'static) -> Listener {
    Listener::new(&window(), "popstate", move |_: JsValue| walked())
}

/// Leaves clicked links to the browser where they lead to another part of a page, or where their path is foreign to it:
/// `rel="external"` is how a router is told so.
pub fn mark_links(is_foreign: impl Fn(&str) -> bool + 'static) -> Listener {
    // Heard before whatever listens on the window.
    Listener::new(&document(), "click", move |event: MouseEvent| {
        if let Some(link) = link(&event).filter(|link| link.target().is_empty())
            && (!link.hash().is_empty() || is_foreign(&link.pathname()))
        {
            link.set_rel("external");
        }
    })
}

fn link(event: &MouseEvent) -> Option<HtmlAnchorElement> {
    let element: Element = event.target()?.dyn_into().ok()?;
    element.closest("a[href]").ok()??.dyn_into().ok()
}
