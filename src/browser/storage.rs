//! What this browser remembers for its person, across visits. A browser that remembers nothing is no error.

use leptos::prelude::window;
use web_sys::Storage;

pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

pub fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// Refused where the person allows sites no memory.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
