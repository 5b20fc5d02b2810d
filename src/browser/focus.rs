//! The keyboard focus: moved, remembered while a call covers the page, and given back after it.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Focuses the first element that matches.
pub fn focus_on(selector: &str) {
    if let Some(element) = first(selector) {
        let _ = element.focus();
    }
}

/// Clicks the first element that matches; logs an error if there is none.
#[cfg(debug_assertions)]
pub fn press(selector: &str) {
    match first(selector) {
        Some(element) => element.click(),
        None => leptos::logging::error!("nothing to press: {selector}"),
    }
}

fn first(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// Closes the popover with this id.
pub fn close_menu(id: &str) {
    let found = document().get_element_by_id(id);
    if let Some(menu) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Fails if it is closed already.
        let _ = menu.hide_popover();
    }
}

pub fn is_dialog_open() -> bool {
    document().query_selector("dialog[open]").is_ok_and(|open| open.is_some())
}

/// The element that had the focus at a moment, if any had it.
pub struct Focused(Option<HtmlElement>);

impl Focused {
    pub fn now() -> Self {
        let element = document().active_element().and_then(|element| element.dyn_into().ok());
        Self(element)
    }

    /// Tells whether the person types there.
    pub fn is_text_field(&self) -> bool {
        self.0.as_ref().is_some_and(|element| {
            element.is_content_editable() || matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA")
        })
    }

    /// Tells whether the element itself reacts to keys such as Enter and Space.
    pub fn is_control(&self) -> bool {
        let tags = ["A", "BUTTON", "SELECT", "SUMMARY"];
        self.is_text_field()
            || self.0.as_ref().is_some_and(|element| tags.contains(&element.tag_name().as_str()))
    }

    /// Focuses the element again, unless it has left the page.
    pub fn give_back(self) {
        if let Some(element) = self.0.filter(|element| element.is_connected()) {
            let _ = element.focus();
        }
    }
}
