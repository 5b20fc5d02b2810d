//! An event listener that is removed when it is dropped.

use wasm_bindgen::{JsCast, closure::Closure, convert::FromWasmAbi};
use web_sys::EventTarget;

/// A listener on a target, for as long as this lives.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    // Kept as a trait object so that listeners of different events fit into one list.
    closure: Box<dyn AsRef<wasm_bindgen::JsValue>>,
}

impl Listener {
    pub fn new<E: FromWasmAbi + 'static>(
        target: &EventTarget,
        event: &'static str,
        heard: impl FnMut(E) + 'static,
    ) -> Self {
        let closure = Closure::<dyn FnMut(E)>::new(heard);
        // Fails only with an abort signal, and none is given here.
        let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        Self { target: target.clone(), event, closure: Box::new(closure) }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.closure.as_ref().as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.event, callback);
    }
}
