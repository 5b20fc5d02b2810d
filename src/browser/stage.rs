//! Which stream belongs into which element, in whatever order the two come.

use super::choices::{DeviceKind, chosen};
use js_sys::{Function, Reflect};
use std::{cell::RefCell, collections::HashMap, hash::Hash};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlMediaElement, HtmlVideoElement, MediaStream};

/// Streams and elements by the picture that they belong to.
pub struct Stage<P> {
    streams: RefCell<HashMap<P, MediaStream>>,
    /// With the number under which each was shown.
    elements: RefCell<HashMap<P, (u32, HtmlVideoElement)>>,
    /// Between 0 and 1, where it is not all.
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

    /// The newest element of a picture is the one that shows it.
    pub fn put_element(&self, picture: P, shown: u32, element: HtmlVideoElement) {
        speak_through(&element);
        if let Some(volume) = self.volumes.borrow().get(&picture) {
            element.set_volume(*volume);
        }
        self.elements.borrow_mut().insert(picture, (shown, element));
        self.join(picture);
    }

    /// An element that has left the page would go on playing: it is silenced and forgotten. The next one
    /// may have come before this one went.
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

    /// The person has chosen other speakers.
    pub fn change_speakers(&self) {
        self.elements.borrow().values().for_each(|(_, element)| speak_through(element));
    }

    /// Plays what the browser refused to play: it wants a click, or an open camera, before there is sound.
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
        // Refused where autoplay is blocked (see `resume`), or the element has gone.
        spawn_local(async move {
            let _ = JsFuture::from(played).await;
        });
    }
}

/// Through the speakers that were chosen, where the browser lets the page choose.
pub(super) fn speak_through(element: &HtmlMediaElement) {
    let Some(id) = chosen(DeviceKind::Speaker) else { return };
    let set = Reflect::get(element, &"setSinkId".into()).ok().and_then(|set| set.dyn_into::<Function>().ok());
    if let Some(promise) = set.and_then(|set| set.call1(element, &id.into()).ok()) {
        // Refused when they are not there any longer: then the sound stays where it was.
        spawn_local(async move {
            let _ = JsFuture::from(js_sys::Promise::from(promise)).await;
        });
    }
}
