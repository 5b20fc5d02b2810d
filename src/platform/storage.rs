//! The browser's local storage.

use crate::browser::storage;

/// Reads the value that is kept under the key.
pub fn kept(key: &str) -> Option<String> {
    storage::read(key)
}

/// Keeps the value under the key; without a value, removes it.
pub fn keep(key: &str, value: Option<&str>) {
    match value {
        Some(value) => storage::write(key, value),
        None => storage::forget(key),
    }
}
