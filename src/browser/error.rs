//! The browser's exceptions. A `JsValue` is turned into a [`BrowserError`] on the line where it appears.

use wasm_bindgen::{JsCast, JsValue};

/// An operation that the browser refused, and the exception that it threw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserError {
    /// The operation, as in `getStats`.
    pub operation: &'static str,
    /// The name of the exception, for example `NotAllowedError`; empty if the value was none.
    pub name: String,
    pub message: String,
}

impl BrowserError {
    pub fn new(operation: &'static str, value: &JsValue) -> Self {
        match value.dyn_ref::<js_sys::Error>() {
            Some(error) => Self { operation, name: error.name().into(), message: error.message().into() },
            None => Self { operation, name: String::new(), message: format!("{value:?}") },
        }
    }

    /// Returns a function for `map_err`.
    pub fn of(operation: &'static str) -> impl Fn(JsValue) -> Self {
        move |value| Self::new(operation, &value)
    }
}

impl std::fmt::Display for BrowserError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} {}", self.operation, self.name, self.message)
    }
}

impl std::error::Error for BrowserError {}
