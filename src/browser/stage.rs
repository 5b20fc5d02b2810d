//! The registry of streams and video elements. Both are registered under the picture that they belong to, in
//! either order, and the stage attaches the one to the other.

use super::choices::{DeviceKind, chosen};
use js_sys::{Function, Reflect};
use std::{cell::RefCell, collections::HashMap, hash::Hash};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlMediaElement, HtmlVideoElement, MediaStream};

/// The streams and elements by their picture.
pub struct Stage<P> {
    streams: RefCell<HashMap<P, MediaStream>>,
    /// Each element with the number that its caller gave it.
    elements: RefCell<HashMap<P, (u32, HtmlVideoElement)>>,
    /// The volumes that were set, between 0 and 1.
    volumes: RefCell<HashMap<P, f64>>,
}

impl<P> Default for Stage<P> {
    fn default() -> Self {
        Self { streams: RefCell::default(), elements: RefCell::default(), volumes: RefCell::default() }
    }
}

impl<P: Copy + Eq + Hash> Stage<P> {
    pub fn put_stream(&self, picture: P, stream: MediaStream) {
        self.streams.borrow_mut().insert(picture, stream);
        self.join(picture);
    }

    pub fn take_stream(&self, picture: P) {
        self.streams.borrow_mut().remove(&picture);
        self.join(picture);
    }

    /// Registers an element, which shows the picture in place of an earlier one. `shown` is a number for this
    /// element, greater than all before.
    pub fn put_element(&self, picture: P, shown: u32, element: HtmlVideoElement) {
        speak_through(&element);
        if let Some(volume) = self.volumes.borrow().get(&picture) {
            element.set_volume(*volume);
        }
        self.elements.borrow_mut().insert(picture, (shown, element));
        self.join(picture);
    }

    /// Detaches an element that leaves the page, where it would go on playing. If a newer element of the
    /// picture was registered first, the number differs and the newer one stays.
    pub fn take_element(&self, picture: P, shown: u32) {
        let mut elements = self.elements.borrow_mut();
        if elements.get(&picture).is_some_and(|(known, _)| *known == shown)
            && let Some((_, element)) = elements.remove(&picture)
        {
            element.set_src_object(None);
        }
    }

    pub fn set_volume(&self, picture: P, percent: u8) {
        let volume = f64::from(percent.min(100)) / 100.0;
        self.volumes.borrow_mut().insert(picture, volume);
        if let Some((_, element)) = self.elements.borrow().get(&picture) {
            element.set_volume(volume);
        }
    }

    /// Moves the sound of all elements to the speakers that are chosen.
    pub fn change_speakers(&self) {
        self.elements.borrow().values().for_each(|(_, element)| speak_through(element));
    }

    /// Plays the elements that the browser has refused to play. It allows sound after a click on the page, or
    /// while a microphone or camera is open.
    pub fn resume(&self) {
        let elements = self.elements.borrow();
        let blocked = |e: &&HtmlVideoElement| e.paused() && e.src_object().is_some();
        for element in elements.values().map(|(_, element)| element).filter(blocked) {
            play(element);
        }
    }

    fn join(&self, picture: P) {
        let elements = self.elements.borrow();
        let Some((_, element)) = elements.get(&picture) else { return };
        let stream = self.streams.borrow().get(&picture).cloned();
        if element.src_object() == stream {
            return;
        }
        element.set_src_object(stream.as_ref());
        if stream.is_some() {
            play(element);
        }
    }
}

pub(super) fn play(element: &HtmlMediaElement) {
    if let Ok(played) = element.play() {
        // Rejected where autoplay is blocked (see `resume`), or when the element has left the page.
        spawn_local(async move {
            let _ = JsFuture::from(played).await;
        });
    }
}

/// Plays the element through the chosen speakers, in browsers that have `setSinkId`.
pub(super) fn speak_through(element: &HtmlMediaElement) {
    let Some(id) = chosen(DeviceKind::Speaker) else { return };
    let set = Reflect::get(element, &"setSinkId".into()).ok().and_then(|set| set.dyn_into::<Function>().ok());
    if let Some(promise) = set.and_then(|set| set.call1(element, &id.into()).ok()) {
        // Rejected when the speakers are unplugged; the sound then stays where it was.
        spawn_local(async move {
            let _ = JsFuture::from(js_sys::Promise::from(promise)).await;
        });
    }
}
