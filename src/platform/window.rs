//! The window around the page: address, visibility, icon, clipboard and screen.

use crate::browser::{address, clipboard, page, wake::Awake};
use leptos::prelude::*;

/// Returns the path that the address bar shows.
pub fn path() -> String {
    address::path()
}

/// Returns the page's origin, for example `https://parley.example`.
pub fn origin() -> String {
    page::origin()
}

/// Loads the page anew.
pub fn reload() {
    page::reload();
}

/// Tells whether the page is visible.
pub fn is_visible() -> bool {
    page::is_visible()
}

/// Calls back each time the page becomes hidden, for as long as the calling component is mounted.
pub fn while_hidden(hidden: impl Fn() + 'static) {
    let listener = page::on_visibility(move |visible| {
        if !visible {
            hidden();
        }
    });
    let listener = StoredValue::new_local(Some(listener));
    on_cleanup(move || drop(listener.try_update_value(Option::take)));
}

/// Sets the number on the page's icon, where the system shows one.
pub fn set_badge(count: usize) {
    page::set_badge(count);
}

/// Copies the text to the clipboard; returns whether that worked.
pub async fn copy(text: &str) -> bool {
    clipboard::copy(text).await
}

/// Makes a fresh random word, for use as an idempotency key.
pub fn random_word() -> Option<String> {
    page::random_word()
}

/// Tells whether the main pointing device is a finger rather than a mouse.
pub fn has_coarse_pointer() -> bool {
    page::matches("(pointer: coarse)")
}

/// Keeps the screen on for as long as the calling component is mounted.
pub fn keep_awake() {
    let awake = StoredValue::new_local(Some(Awake::keep()));
    on_cleanup(move || drop(awake.try_update_value(Option::take)));
}

/// Tells whether the page may fill the screen.
pub fn can_full_screen() -> bool {
    page::can_full_screen()
}

/// Fills the screen with the page, or gives it back.
pub fn toggle_full_screen() {
    page::toggle_full_screen();
}
