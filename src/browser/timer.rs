//! A timer that is cancelled when it is dropped, and the clock and randomness that the machines of `core` are
//! given.

use leptos::prelude::window;
use parley_core::time::{Duration, Instant};
use wasm_bindgen::{JsCast, closure::Closure};

/// A running timer.
pub struct Timer {
    id: i32,
    _closure: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls back once after the delay. Returns none when the window is going away.
    pub fn after(delay: Duration, due: impl FnMut() + 'static) -> Option<Self> {
        let closure = Closure::<dyn FnMut()>::new(due);
        let delay_ms = i32::try_from(delay.as_millis()).unwrap_or(i32::MAX);
        let id = window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(closure.as_ref().unchecked_ref(), delay_ms)
            .ok()?;
        Some(Self { id, _closure: closure })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.id);
    }
}

/// Returns the time since the page was loaded, from a clock that never jumps.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
pub fn now() -> Instant {
    Instant(window().performance().map_or(0.0, |clock| clock.now()) as u64)
}

/// Returns a number between 0 and 1, for jitter.
pub fn random() -> f64 {
    js_sys::Math::random()
}
