//! Devices tried out: how loud the microphone is, the own picture, and a sound from the chosen speakers.

use super::{
    media::Track,
    stage::{play, speak_through},
};
use leptos::prelude::document;
use parley_core::alert::Note;
use wasm_bindgen::JsCast;
use web_sys::{
    AnalyserNode, AudioContext, HtmlVideoElement, MediaStream, MediaStreamAudioSourceNode, MediaStreamTrack,
};

/// Samples that one look at the microphone takes in.
const WINDOW: u16 = 1_024;
/// Speech at arm's length fills the meter to about two thirds.
const GAIN: f32 = 6.0;

/// Listens to a track without playing it.
pub struct Meter {
    context: AudioContext,
    analyser: AnalyserNode,
    /// Some browsers let a source fall silent that nobody holds.
    _source: MediaStreamAudioSourceNode,
}

impl Meter {
    pub fn of(track: &MediaStreamTrack) -> Option<Self> {
        let stream = stream_of(track)?;
        let context = AudioContext::new().ok()?;
        let analyser = context.create_analyser().ok()?;
        analyser.set_fft_size(WINDOW.into());
        let source = context.create_media_stream_source(&stream).ok()?;
        source.connect_with_audio_node(&analyser).ok()?;
        // Where the page may not sound yet, the first touch wakes it.
        let _ = context.resume();
        Some(Self { context, analyser, _source: source })
    }

    /// Between 0 and 1.
    pub fn level(&self) -> f32 {
        let mut samples = [0.0_f32; WINDOW as usize];
        self.analyser.get_float_time_domain_data(&mut samples);
        let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / f32::from(WINDOW);
        (power.sqrt() * GAIN).min(1.0)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        let _ = self.context.close();
    }
}

/// A track in an element, until it is dropped.
pub struct Shown(HtmlVideoElement);

impl Shown {
    pub fn new(element: HtmlVideoElement, track: &Track) -> Self {
        element.set_src_object(stream_of(&track.raw()).as_ref());
        play(&element);
        Self(element)
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.0.set_src_object(None);
    }
}

/// A few notes from the chosen speakers; they end when it is dropped.
pub struct SpeakerTest {
    context: AudioContext,
    element: HtmlVideoElement,
}

impl SpeakerTest {
    pub fn play(notes: &[Note]) -> Option<Self> {
        let context = AudioContext::new().ok()?;
        let out = context.create_media_stream_destination().ok()?;
        super::tones::sound(&context, &out, notes, 0.35)?;
        // Only an element plays on other speakers in every browser.
        let element: HtmlVideoElement = document().create_element("video").ok()?.dyn_into().ok()?;
        speak_through(&element);
        element.set_src_object(Some(&out.stream()));
        play(&element);
        Some(Self { context, element })
    }
}

impl Drop for SpeakerTest {
    fn drop(&mut self) {
        self.element.set_src_object(None);
        let _ = self.context.close();
    }
}

fn stream_of(track: &MediaStreamTrack) -> Option<MediaStream> {
    let stream = MediaStream::new().ok()?;
    stream.add_track(track);
    Some(stream)
}
