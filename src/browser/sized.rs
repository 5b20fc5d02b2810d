//! A watch on the size of an element (`ResizeObserver`).

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver};

/// A running watch; dropping it ends it.
pub struct SizeWatch {
    observer: ResizeObserver,
    _closure: Closure<dyn FnMut()>,
}

impl SizeWatch {
    /// Reports the size in CSS pixels, at first and after every change.
    pub fn watch(element: &Element, sized: impl Fn(u32, u32) + 'static) -> Option<Self> {
        let watched = element.clone();
        let pixels = |length: i32| u32::try_from(length).unwrap_or(0);
        let closure = Closure::<dyn FnMut()>::new(move || {
            sized(pixels(watched.client_width()), pixels(watched.client_height()));
        });
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _closure: closure })
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
