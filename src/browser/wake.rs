//! Keeps the screen on. The browser lets go whenever the page is hidden, so it is asked again when it is back.

use super::{listener::Listener, page};
use js_sys::{Promise, Reflect};
use leptos::prelude::{document, window};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    /// What the browser gives for a screen that is kept on.
    type Sentinel;

    #[wasm_bindgen(catch, js_namespace = ["navigator", "wakeLock"], js_name = request)]
    fn request(what: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method)]
    fn release(this: &Sentinel) -> Promise;
}

/// The screen stays on as long as this lives, where the browser can do that.
pub struct Awake {
    held: Rc<RefCell<Held>>,
    _shown: Listener,
}

#[derive(Default)]
struct Held {
    sentinel: Option<Sentinel>,
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
        // Refused when the battery is low.
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
