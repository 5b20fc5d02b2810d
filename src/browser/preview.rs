//! The pieces of a device preview: a meter for the microphone, the camera's picture, and a sound from the
//! speakers.

use super::{
    media::Track,
    stage::{play, speak_through},
    tones::Sound,
};
use parley_core::alert::Note;
use web_sys::{
    AnalyserNode, AudioContext, HtmlVideoElement, MediaStream, MediaStreamAudioSourceNode, MediaStreamTrack,
};

/// The number of samples behind one reading of the meter.
const WINDOW: u16 = 1_024;
/// The amplification of the meter: speech at arm's length fills it to about two thirds.
const GAIN: f32 = 6.0;
/// The volume of the test sound.
const LOUD: f64 = 0.7;

/// A level meter on a microphone's track, which is not played.
pub struct Meter {
    context: AudioContext,
    analyser: AnalyserNode,
    /// Held because some browsers let a source without references fall silent.
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
        // A context that was made before the first touch of the page is suspended.
        let _ = context.resume();
        Some(Self { context, analyser, _source: source })
    }

    /// Returns the loudness, between 0 and 1.
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

/// A track that an element shows, until this is dropped.
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

/// A few notes from the chosen speakers; dropping it ends them.
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
