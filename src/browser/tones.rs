//! Sounds that are made, not loaded: a few notes each.
//!
//! A browser plays nothing before the person has touched the page. A ring that began until then is heard from the
//! first touch on.

use super::{page, timer::Timer};
use parley_core::{alert::Note, time::Duration};
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};
use web_sys::{AudioContext, AudioNode, GainNode};

/// How long a note takes to come and to go, so that it does not click.
const EDGE_S: f64 = 0.012;
/// At the full volume.
const LOUD: f32 = 0.5;

/// Notes that repeat, and how long after their beginning they begin again.
type Wanted = (&'static [Note], Duration);

pub struct Tones {
    this: Weak<Self>,
    /// Made when it is first needed.
    context: RefCell<Option<AudioContext>>,
    /// What sounds, through a tap of its own that is closed to end it.
    playing: RefCell<Option<GainNode>>,
    again: RefCell<Option<Timer>>,
    wanted: Cell<Option<Wanted>>,
    /// Between 0 and 1.
    volume: Cell<f32>,
}

impl Tones {
    pub fn new() -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            context: RefCell::default(),
            playing: RefCell::default(),
            again: RefCell::default(),
            wanted: Cell::default(),
            volume: Cell::new(1.0),
        })
    }

    /// Of what is played from here on, in hundredths.
    pub fn set_volume(&self, percent: u8) {
        self.volume.set(f32::from(percent) / 100.0);
    }

    /// Plays the notes instead of what sounds; again and again, if there is a pause to wait in between.
    pub fn play(&self, notes: &'static [Note], every: Option<Duration>) {
        self.stop();
        self.wanted.set(every.map(|every| (notes, every)));
        if page::was_touched() {
            self.sound(notes);
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
        if let Some(tap) = self.playing.take() {
            let _ = tap.disconnect();
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
    fn sound(&self, notes: &[Note]) -> Option<()> {
        let context = self.context()?;
        // Ears hear steps like these as even.
        let loud = LOUD * self.volume.get().powi(2);
        self.playing.replace(Some(sound(&context, &context.destination(), notes, loud)?));
        Some(())
    }

    fn context(&self) -> Option<AudioContext> {
        let mut context = self.context.borrow_mut();
        if context.is_none() {
            *context = AudioContext::new().ok();
        }
        context.clone()
    }
}

/// Puts the notes on their way; they go through the tap that comes back.
pub(super) fn sound(context: &AudioContext, out: &AudioNode, notes: &[Note], loud: f32) -> Option<GainNode> {
    let tap = context.create_gain().ok()?;
    tap.gain().set_value(loud);
    tap.connect_with_audio_node(out).ok()?;
    let now = context.current_time();
    for note in notes {
        let from = now + f64::from(note.from_ms) / 1_000.0;
        let to = from + f64::from(note.length_ms) / 1_000.0;
        let oscillator = context.create_oscillator().ok()?;
        let edge = context.create_gain().ok()?;
        oscillator.frequency().set_value(f32::from(note.hertz));
        let gain = edge.gain();
        gain.set_value_at_time(0.0, from).ok()?;
        gain.linear_ramp_to_value_at_time(1.0, from + EDGE_S).ok()?;
        gain.set_value_at_time(1.0, to - EDGE_S).ok()?;
        gain.linear_ramp_to_value_at_time(0.0, to).ok()?;
        oscillator.connect_with_audio_node(&edge).ok()?;
        edge.connect_with_audio_node(&tap).ok()?;
        oscillator.start_with_when(from).ok()?;
        oscillator.stop_with_when(to).ok()?;
    }
    Some(tap)
}

impl Drop for Tones {
    fn drop(&mut self) {
        self.stop();
        if let Some(context) = self.context.take() {
            let _ = context.close();
        }
    }
}
