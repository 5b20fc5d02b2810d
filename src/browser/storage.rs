//! The browser's local storage, which lasts across visits. Where the person forbids it, reads find nothing
//! and writes are dropped, without an error.

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

/// Returns the storage; none where the person allows sites no storage.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
