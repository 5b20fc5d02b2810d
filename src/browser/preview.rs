//! Devices tried out: how loud the microphone is, the own picture, and a sound from the chosen speakers.

use super::{
    media::Track,
    stage::{play, speak_through},
    tones::Sound,
};
use parley_core::alert::Note;
use web_sys::{
    AnalyserNode, AudioContext, HtmlVideoElement, MediaStream, MediaStreamAudioSourceNode, MediaStreamTrack,
};

/// Samples that one look at the microphone takes in.
const WINDOW: u16 = 1_024;
/// Speech at arm's length fills the meter to about two thirds.
const GAIN: f32 = 6.0;
/// Of what is played to try the speakers.
const LOUD: f64 = 0.7;

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
    _sound: Sound,
}

impl SpeakerTest {
    pub fn play(notes: &[Note]) -> Option<Self> {
        let sound = Sound::of(notes)?;
        speak_through(sound.element());
        sound.play(LOUD);
        Some(Self { _sound: sound })
    }
}

fn stream_of(track: &MediaStreamTrack) -> Option<MediaStream> {
    let stream = MediaStream::new().ok()?;
    stream.add_track(track);
    Some(stream)
}
