//! The person's languages, the document's language and direction, and plural rules.

use js_sys::{Array, Object};
use leptos::prelude::{document, window};

/// Lists the person's languages, the preferred one first.
pub fn preferred() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|language| language.as_string()).collect()
}

/// Sets the language and the writing direction (`ltr` or `rtl`) of the document.
pub fn set(language: &str, direction: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", language);
        let _ = root.set_attribute("dir", direction);
    }
}

/// Returns the plural category of a number: `one`, `few`, `other` …
pub fn plural(language: &str, n: u32) -> String {
    js_sys::Intl::PluralRules::new(&Array::of1(&language.into()), &Object::new()).select(n.into()).into()
}
