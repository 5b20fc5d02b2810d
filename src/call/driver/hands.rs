//! The driver's implementation of [`Hands`], the operations that it lends to the room's extras.

use super::{Driver, with};
use crate::{
    browser::loudness::Loudness,
    call::{extras::Hands, handle::Picture},
};
use parley_core::phone::{Input, MediaKind};
use std::rc::Weak;

/// Makes the operations. They hold the driver weakly, because the driver owns them.
pub fn of(this: &Weak<Driver>) -> Hands {
    let [of_intent, of_line, of_mic, of_sound, of_volume] = [(); 5].map(|()| Weak::clone(this));
    Hands {
        intend: Box::new(move |intent| with(&of_intent, |driver| driver.push(Input::User(intent)))),
        line: Box::new(move |device| of_line.upgrade().and_then(|driver| driver.lines.get(device))),
        loudness: Box::new(move || Loudness::of(&of_mic.upgrade()?.devices.track(MediaKind::Mic)?)),
        play: Box::new(move |sound| with(&of_sound, |driver| driver.alerts.play(sound.notes()))),
        set_volume: Box::new(move |device, percent| {
            with(&of_volume, |driver| {
                driver.stage.set_volume(Picture::Remote(device), percent);
                driver.stage.set_volume(Picture::Screen(device), percent);
            });
        }),
    }
}
