//! Sounds that are made, not loaded: a few notes each, as files in memory.
//!
//! A browser plays nothing before the person has touched the page. A ring that began until then is heard from the
//! first touch on.

use super::{page, stage, timer::Timer};
use js_sys::{Array, Uint8Array};
use parley_core::{alert::Note, sound::wav, time::Duration};
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};
use web_sys::{Blob, BlobPropertyBag, HtmlAudioElement, Url};

/// Notes that repeat, and how long after their beginning they begin again.
type Wanted = (&'static [Note], Duration);

pub struct Tones {
    this: Weak<Self>,
    /// Made when they are first needed.
    sounds: RefCell<Vec<(&'static [Note], Rc<Sound>)>>,
    playing: RefCell<Option<Rc<Sound>>>,
    again: RefCell<Option<Timer>>,
    wanted: Cell<Option<Wanted>>,
    /// Between 0 and 1.
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

    /// Of what is played from here on, in hundredths.
    pub fn set_volume(&self, percent: u8) {
        self.volume.set(f64::from(percent) / 100.0);
    }

    /// Plays the notes instead of what sounds; again and again, if there is a pause to wait in between.
    pub fn play(&self, notes: &'static [Note], every: Option<Duration>) {
        self.stop();
        self.wanted.set(every.map(|every| (notes, every)));
        if page::was_touched()
            && let Some(sound) = self.sound(notes)
        {
            // Ears hear steps like these as even.
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

    /// The person has touched the page.
    pub fn unlock(&self) {
        if self.playing.borrow().is_none()
            && let Some((notes, every)) = self.wanted.get()
        {
            self.play(notes, Some(every));
        }
    }

    /// A browser without sound is no error.
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

/// Ready to be heard; falls silent with its owner.
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

    /// From its beginning.
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
