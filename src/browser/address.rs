//! The address bar, and clicks on links.

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
    // Fails only while the page is already going away.
    let _ = location().set_href(path);
}

/// Calls back when the person goes back or forth in the history.
pub fn on_walk(mut walked: impl FnMut() + 'static) -> Listener {
    Listener::new(&window(), "popstate", move |_: JsValue| walked())
}

/// Leaves a clicked link to the browser if it has a fragment or if its path is foreign to the page.
/// `leptos_router` does not follow links with `rel="external"`.
pub fn mark_links(is_foreign: impl Fn(&str) -> bool + 'static) -> Listener {
    // The router listens on the window, which the event reaches after the document.
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
