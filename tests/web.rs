//! Tests of the page in a real browser: components with a fake driver of calls behind them, and the wrappers
//! around browser APIs.

#![cfg_attr(target_arch = "wasm32", expect(clippy::unwrap_used, reason = "what is missing fails the test"))]

#[cfg(target_arch = "wasm32")]
mod web {
    mod around;
    mod bundles;
    mod call_screens;
    mod connection;
    mod float;
    mod inbox;
    mod incoming;
    mod panels;
    mod picture;
    mod router;
    mod sign_in;
    mod sounds;
    mod stage;
    mod support;
    mod text;
    mod toasts;
    mod words;
    mod wrappers;
}

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn main() {}
