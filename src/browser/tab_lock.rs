//! A lock that one tab of a browser holds at a time. The next tab in the queue gets it when the holder drops
//! it or is closed. See <https://w3c.github.io/web-locks/>.
//!
//! The browser holds a lock for as long as the promise that the granted callback returns is pending. So the
//! callback returns a promise and keeps its resolver: calling that releases the lock.

use js_sys::{Function, Object, Promise, Reflect};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    fn request(
        name: &str,
        options: &JsValue,
        granted: &Closure<dyn FnMut() -> Promise>,
    ) -> Result<Promise, JsValue>;
}

/// The lock, or a place in its queue. Dropping it gives either up.
pub struct TabLock {
    state: Rc<RefCell<State>>,
    waiting: Option<AbortController>,
}

enum State {
    Waiting,
    /// The resolver of the pending promise; calling it releases the lock.
    Held(Function),
    /// Dropped before the lock was granted.
    GivenUp,
}

impl TabLock {
    /// Queues for the lock and calls back when this tab holds it; at once where the browser has no locks.
    pub fn wait(name: &str, come: impl Fn() + 'static) -> Self {
        let state = Rc::new(RefCell::new(State::Waiting));
        let waiting = AbortController::new().ok();
        let options = Object::new();
        if let Some(waiting) = &waiting {
            let _ = Reflect::set(&options, &"signal".into(), &waiting.signal());
        }
        let come = Rc::new(come);
        let granted = Closure::<dyn FnMut() -> Promise>::new({
            let (state, come) = (Rc::clone(&state), Rc::clone(&come));
            move || {
                if matches!(*state.borrow(), State::GivenUp) {
                    return Promise::resolve(&JsValue::UNDEFINED);
                }
                come();
                let state = Rc::clone(&state);
                Promise::new(&mut move |release, _| drop(state.replace(State::Held(release))))
            }
        });
        match request(name, &options, &granted) {
            // The closure lives until the request has settled: even after an abort the browser may be about
            // to call it.
            Ok(over) => spawn_local(async move {
                let _ = JsFuture::from(over).await;
                drop(granted);
            }),
            Err(_) => come(),
        }
        Self { state, waiting }
    }
}

impl Drop for TabLock {
    fn drop(&mut self) {
        if let State::Held(release) = self.state.replace(State::GivenUp) {
            let _ = release.call0(&JsValue::NULL);
        } else if let Some(waiting) = &self.waiting {
            waiting.abort();
        }
    }
}
