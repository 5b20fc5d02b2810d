//! Keyed lists, reactive text and click handlers, each with a single concrete type. Leptos is generic over
//! these, and every further instantiation adds machine code to what the first visit has to load.

use leptos::{ev, prelude::*};
use std::sync::Arc;

/// The key of a list entry: an id or a number, and a tag whose change makes the entry render anew.
pub type Key = (u128, u8);

pub type Item = Arc<dyn Fn(Key) -> AnyView + Send + Sync>;

/// Renders a keyed list; an entry is made once for each key and stays while its key is present.
pub fn each(keys: impl Fn() -> Vec<Key> + Send + Sync + 'static, item: Item) -> AnyView {
    each_of(Signal::derive(keys), item)
}

/// Returns a reactive text, for a node or an attribute.
pub fn text(read: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(read)
}

/// Returns a reactive attribute value of "true" or "false".
pub fn flag(read: impl Fn() -> bool + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(move || read().to_string())
}

/// Returns a click handler that ignores its event.
pub fn press(mut act: impl FnMut() + 'static) -> Box<dyn FnMut(ev::MouseEvent)> {
    Box::new(move |_| act())
}

fn each_of(keys: Signal<Vec<Key>>, item: Item) -> AnyView {
    view! { <For each=move || keys.get() key=|key| *key children=move |key| item(key) /> }.into_any()
}
