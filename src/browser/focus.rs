//! Where the keyboard is: remembered while a call covers the page, and given back after it.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The element that had the focus.
pub struct Focused(Option<HtmlElement>);

impl Focused {
    pub fn now() -> Self {
        let element = document().active_element().and_then(|element| element.dyn_into().ok());
        Self(element)
    }

    /// Whether the person may be in the middle of a word.
    pub fn is_text_field(&self) -> bool {
        self.0.as_ref().is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA"))
    }

    /// Does nothing when the element has left the page.
    pub fn give_back(self) {
        if let Some(element) = self.0.filter(|element| element.is_connected()) {
            let _ = element.focus();
        }
    }
}
