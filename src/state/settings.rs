//! The settings of this browser, kept in its storage and unknown to the server. The choice of devices is in
//! `browser/choices.rs`.

use crate::browser::{page, storage};
use parley_core::alert::Ringtone;

/// The storage key of the theme. `src/boot.js` reads it too, before anything is drawn.
const THEME: &str = "theme";
const RINGTONE: &str = "ringtone";
const VOLUME: &str = "volume";
const KEYS: &str = "keys";
const FLOATS: &str = "floats";
/// The stored value of a switch that is off; one that is on is not stored.
const OFF: &str = "off";

/// The volume until the person chooses one.
const VOLUME_USUAL: u8 = 60;
pub const VOLUME_MAX: u8 = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// The theme of the operating system.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    const fn word(self) -> &'static str {
        match self {
            Self::System => "",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn chosen() -> Self {
        let kept = storage::read(THEME);
        Self::ALL.into_iter().find(|theme| kept.as_deref() == Some(theme.word())).unwrap_or_default()
    }

    pub fn choose(self) {
        if self == Self::System {
            storage::forget(THEME);
        } else {
            storage::write(THEME, self.word());
        }
        page::set_theme(self.word());
    }
}

pub fn ringtone() -> Ringtone {
    storage::read(RINGTONE).and_then(|kept| Ringtone::of(&kept)).unwrap_or_default()
}

pub fn choose_ringtone(ringtone: Ringtone) {
    storage::write(RINGTONE, ringtone.key());
}

/// Returns the volume of rings and other sounds of the page, 0 to [`VOLUME_MAX`].
pub fn volume() -> u8 {
    let kept = storage::read(VOLUME).and_then(|kept| kept.parse().ok());
    kept.unwrap_or(VOLUME_USUAL).min(VOLUME_MAX)
}

pub fn choose_volume(volume: u8) {
    storage::write(VOLUME, &volume.to_string());
}

/// Tells whether single letters are shortcuts in a call.
pub fn has_keys() -> bool {
    is_on(KEYS)
}

pub fn choose_keys(on: bool) {
    choose(KEYS, on);
}

/// Tells whether the small window opens by itself when the person goes to another tab.
pub fn floats_by_itself() -> bool {
    is_on(FLOATS)
}

pub fn choose_float(on: bool) {
    choose(FLOATS, on);
}

/// Reads a switch, which is on unless the person has turned it off.
fn is_on(key: &str) -> bool {
    storage::read(key).as_deref() != Some(OFF)
}

fn choose(key: &str, on: bool) {
    if on {
        storage::forget(key);
    } else {
        storage::write(key, OFF);
    }
}
