//! What the browser says when it refuses: read once, on the line where it appears.

use wasm_bindgen::{JsCast, JsValue};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserError {
    /// What was asked for.
    pub operation: &'static str,
    /// The browser's name for it, for example `NotAllowedError`.
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

    /// For `map_err`.
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
