//! The player of ringtone samples in the settings.

use crate::browser::tones::Tones;
use leptos::prelude::*;
use parley_core::alert::Ringtone;
use std::rc::Rc;

/// A player, which falls silent when the reactive owner is cleaned up.
#[derive(Clone, Copy)]
pub struct Sounds(StoredValue<Rc<Tones>, LocalStorage>);

impl Sounds {
    #[expect(clippy::new_without_default, reason = "it belongs to the caller's reactive owner")]
    pub fn new() -> Self {
        Self(StoredValue::new_local(Tones::new()))
    }

    /// Plays the ringtone once, at this volume in percent.
    pub fn play(self, ringtone: Ringtone, volume: u8) {
        self.0.try_with_value(|tones| {
            tones.set_volume(volume);
            tones.play(ringtone.sound().notes, None);
        });
    }
}
