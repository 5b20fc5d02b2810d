//! The window around the page: its address, whether anybody sees it, its clipboard, and the screen that it is on.

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

/// Tells whether anybody can see the page.
pub fn is_visible() -> bool {
    page::is_visible()
}

/// Calls back when nobody can see the page any longer, for as long as the calling component is mounted.
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

/// Makes a fresh random word, to tell a repeated request from a new one.
pub fn random_word() -> Option<String> {
    page::random_word()
}

/// Tells whether the person points with fingers, not with a mouse.
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
