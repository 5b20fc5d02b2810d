//! The player of the page's own sounds. A sound is a few notes, of which it makes an audio file in memory.
//!
//! A browser plays nothing before the person has touched the page. A repeating sound that began before is
//! heard from the first touch on (`unlock`).

use super::{page, stage, timer::Timer};
use js_sys::{Array, Uint8Array};
use parley_core::{alert::Note, sound::wav, time::Duration};
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};
use web_sys::{Blob, BlobPropertyBag, HtmlAudioElement, Url};

/// Repeating notes, with the time from one beginning to the next.
type Wanted = (&'static [Note], Duration);

/// A player of one sound at a time; dropping it ends the sound.
pub struct Tones {
    this: Weak<Self>,
    /// The sounds that were played before, to be used again.
    sounds: RefCell<Vec<(&'static [Note], Rc<Sound>)>>,
    playing: RefCell<Option<Rc<Sound>>>,
    /// The timer of the next repetition.
    again: RefCell<Option<Timer>>,
    wanted: Cell<Option<Wanted>>,
    /// The volume, between 0 and 1.
    volume: Cell<f64>,
}

impl Tones {
    pub fn new() -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            sounds: RefCell::default(),
            playing: RefCell::default(),
            again: RefCell::default(),
            wanted: Cell::default(),
            volume: Cell::new(1.0),
        })
    }

    /// Sets the volume of the sounds that follow, in percent.
    pub fn set_volume(&self, percent: u8) {
        self.volume.set(f64::from(percent) / 100.0);
    }

    /// Plays the notes in place of the current sound, and repeats them if an interval is given.
    pub fn play(&self, notes: &'static [Note], every: Option<Duration>) {
        self.stop();
        self.wanted.set(every.map(|every| (notes, every)));
        if page::was_touched()
            && let Some(sound) = self.sound(notes)
        {
            // Loudness is not heard linearly: the square makes even steps of the setting sound even.
            sound.play(self.volume.get().powi(2));
            self.playing.replace(Some(sound));
        }
        if let Some(every) = every {
            let this = Weak::clone(&self.this);
            self.again.replace(Timer::after(every, move || {
                if let Some(this) = this.upgrade() {
                    this.play(notes, Some(every));
                }
            }));
        }
    }

    pub fn stop(&self) {
        self.again.take();
        self.wanted.take();
        if let Some(sound) = self.playing.take() {
            sound.stop();
        }
    }

    /// Starts a repeating sound that was blocked so far; to be called when the person has touched the page.
    pub fn unlock(&self) {
        if self.playing.borrow().is_none()
            && let Some((notes, every)) = self.wanted.get()
        {
            self.play(notes, Some(every));
        }
    }

    /// Returns the sound of the notes; none in a browser that cannot play it.
    fn sound(&self, notes: &'static [Note]) -> Option<Rc<Sound>> {
        let mut sounds = self.sounds.borrow_mut();
        if let Some((_, sound)) = sounds.iter().find(|(known, _)| *known == notes) {
            return Some(Rc::clone(sound));
        }
        let sound = Rc::new(Sound::of(notes)?);
        sounds.push((notes, Rc::clone(&sound)));
        Some(sound)
    }
}

impl Drop for Tones {
    fn drop(&mut self) {
        self.stop();
    }
}

/// One sound, ready to play; dropping it stops it.
pub(super) struct Sound {
    element: HtmlAudioElement,
    url: String,
}

impl Sound {
    pub(super) fn of(notes: &[Note]) -> Option<Self> {
        let kind = BlobPropertyBag::new();
        kind.set_type("audio/wav");
        let parts = Array::of1(&Uint8Array::from(wav(notes).as_slice()));
        let file = Blob::new_with_u8_array_sequence_and_options(&parts, &kind).ok()?;
        let url = Url::create_object_url_with_blob(&file).ok()?;
        let element = HtmlAudioElement::new_with_src(&url).ok()?;
        Some(Self { element, url })
    }

    pub(super) fn element(&self) -> &HtmlAudioElement {
        &self.element
    }

    /// Plays it from its beginning.
    pub(super) fn play(&self, volume: f64) {
        self.element.set_volume(volume);
        self.element.set_current_time(0.0);
        stage::play(&self.element);
    }

    fn stop(&self) {
        let _ = self.element.pause();
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        self.stop();
        let _ = Url::revoke_object_url(&self.url);
    }
}
