//! The page's document: its title and language, the keyboard focus, and the size of an element.

use crate::browser::{focus, language, page, sized::SizeWatch};
use leptos::{html::Div, prelude::*};

pub use crate::browser::focus::Focused;

/// Sets the title of the page.
pub fn set_title(title: &str) {
    page::set_title(title);
}

/// Sets the language of the document and the side that its lines begin on.
pub fn set_language(language: &str, direction: &str) {
    language::set(language, direction);
}

/// Returns the element that has the focus, to give it back later.
pub fn focused() -> Focused {
    Focused::now()
}

/// Focuses the first element that matches.
pub fn focus_on(selector: &str) {
    focus::focus_on(selector);
}

/// Closes a menu; the browser moves the focus back to the button that opened it.
pub fn close_menu(id: &str) {
    focus::close_menu(id);
}

/// Presses the first element that matches, as a person would.
#[cfg(debug_assertions)]
pub fn press(selector: &str) {
    focus::press(selector);
}

/// Tells whether a dialog is open.
pub fn is_dialog_open() -> bool {
    focus::is_dialog_open()
}

/// Reports the size of the element in whole pixels, at once and after every change, for as long as the
/// calling component is mounted.
pub fn on_size(element: NodeRef<Div>, sized: impl Fn(u32, u32) + Copy + 'static) {
    let watched = StoredValue::new_local(None::<SizeWatch>);
    Effect::new(move |_| {
        let watch = element.get().and_then(|element| SizeWatch::watch(&element, sized));
        watched.try_set_value(watch);
    });
    on_cleanup(move || drop(watched.try_update_value(Option::take)));
}
