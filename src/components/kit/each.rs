//! Lists by key, texts that change, and clicks, in one shape each: every new shape of them is machine code
//! that the first visit has to load.

use leptos::{ev, prelude::*};
use std::sync::Arc;

/// An id or a number, and what else makes an entry a different one.
pub type Key = (u128, u8);

pub type Item = Arc<dyn Fn(Key) -> AnyView + Send + Sync>;

/// An entry is made once for each key and stays while its key is there.
pub fn each(keys: impl Fn() -> Vec<Key> + Send + Sync + 'static, item: Item) -> AnyView {
    each_of(Signal::derive(keys), item)
}

/// A text, also of an attribute, that follows what it reads.
pub fn text(read: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(read)
}

/// An attribute that says yes or no in words.
pub fn flag(read: impl Fn() -> bool + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(move || read().to_string())
}

/// What a click does.
pub fn press(mut act: impl FnMut() + 'static) -> Box<dyn FnMut(ev::MouseEvent)> {
    Box::new(move |_| act())
}

fn each_of(keys: Signal<Vec<Key>>, item: Item) -> AnyView {
    view! { <For each=move || keys.get() key=|key| *key children=move |key| item(key) /> }.into_any()
}
