//! The screen wake lock. The browser releases it whenever the page is hidden, so it is requested again when
//! the page is visible.

use super::{listener::Listener, page};
use js_sys::{Promise, Reflect};
use leptos::prelude::{document, window};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    /// The browser's `WakeLockSentinel`.
    type Sentinel;

    #[wasm_bindgen(catch, js_namespace = ["navigator", "wakeLock"], js_name = request)]
    fn request(kind: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method)]
    fn release(this: &Sentinel) -> Promise;
}

/// The wish to keep the screen on; it holds for as long as this lives, in browsers that can.
pub struct Awake {
    held: Rc<RefCell<Held>>,
    _shown: Listener,
}

#[derive(Default)]
struct Held {
    sentinel: Option<Sentinel>,
    /// The wish was dropped: a lock that is granted after that is released at once.
    over: bool,
}

impl Awake {
    pub fn keep() -> Self {
        let held = Rc::new(RefCell::new(Held::default()));
        ask(Rc::clone(&held));
        let again = Rc::clone(&held);
        let shown = Listener::new(&document(), "visibilitychange", move |_: JsValue| ask(Rc::clone(&again)));
        Self { held, _shown: shown }
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        let mut held = self.held.borrow_mut();
        held.over = true;
        if let Some(sentinel) = held.sentinel.take() {
            let _ = sentinel.release();
        }
    }
}

fn ask(held: Rc<RefCell<Held>>) {
    let can = Reflect::has(&window().navigator(), &"wakeLock".into()).unwrap_or(false);
    if !can || !page::is_visible() {
        return;
    }
    let Ok(asked) = request("screen") else { return };
    spawn_local(async move {
        // Rejected when the battery is low.
        let Ok(sentinel) = JsFuture::from(asked).await else { return };
        let sentinel: Sentinel = wasm_bindgen::JsCast::unchecked_into(sentinel);
        let mut held = held.borrow_mut();
        if held.over {
            let _ = sentinel.release();
        } else {
            held.sentinel = Some(sentinel);
        }
    });
}
