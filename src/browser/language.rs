//! The person's languages, and what differs between languages besides words.

use js_sys::{Array, Object};
use leptos::prelude::{document, window};

/// The languages that the person reads, the best first.
pub fn preferred() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|language| language.as_string()).collect()
}

/// What the page is written in, and from which side.
pub fn set(language: &str, direction: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", language);
        let _ = root.set_attribute("dir", direction);
    }
}

/// The plural category of a number: `one`, `few`, `other` …
pub fn plural(language: &str, n: u32) -> String {
    js_sys::Intl::PluralRules::new(&Array::of1(&language.into()), &Object::new()).select(n.into()).into()
}
