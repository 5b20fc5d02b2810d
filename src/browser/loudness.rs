//! The loudness of this person's microphone, measured also while it is muted. The samples are used for
//! nothing else.

use js_sys::Float32Array;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use web_sys::{AudioContext, AudioNode, MediaStream, MediaStreamTrack};

const SAMPLES: u32 = 1_024;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = AudioNode)]
    type AnalyserNode;
    #[wasm_bindgen(method, setter, js_name = fftSize)]
    fn set_fft_size(this: &AnalyserNode, samples: u32);
    #[wasm_bindgen(method, js_name = getFloatTimeDomainData)]
    fn samples(this: &AnalyserNode, into: &Float32Array);

    type Sources;
    #[wasm_bindgen(method, catch, js_name = createMediaStreamSource)]
    fn source(this: &Sources, of: &MediaStream) -> Result<AudioNode, wasm_bindgen::JsValue>;
    #[wasm_bindgen(method, catch, js_name = createAnalyser)]
    fn analyser(this: &Sources) -> Result<AnalyserNode, wasm_bindgen::JsValue>;
}

/// A meter on a clone of the microphone's track. Muting disables the track that is sent, and the clone stays
/// enabled.
pub struct Loudness {
    context: AudioContext,
    track: MediaStreamTrack,
    source: AudioNode,
    analyser: AnalyserNode,
    heard: Float32Array,
}

impl Loudness {
    /// Starts a meter; none where the browser cannot analyse audio.
    pub fn of(mic: &MediaStreamTrack) -> Option<Self> {
        let context = AudioContext::new().ok()?;
        let track = MediaStreamTrack::clone(mic);
        track.set_enabled(true);
        let stream = MediaStream::new().ok()?;
        stream.add_track(&track);
        let sources: &Sources = context.unchecked_ref();
        let source = sources.source(&stream).ok()?;
        let analyser = sources.analyser().ok()?;
        analyser.set_fft_size(SAMPLES);
        source.connect_with_audio_node(&analyser).ok()?;
        Some(Self { context, track, source, analyser, heard: Float32Array::new_with_length(SAMPLES) })
    }

    /// Returns the peak of the last samples, between 0 and 1.
    pub fn now(&self) -> f32 {
        self.analyser.samples(&self.heard);
        self.heard.to_vec().into_iter().fold(0.0, |most: f32, sample| most.max(sample.abs()))
    }
}

impl Drop for Loudness {
    fn drop(&mut self) {
        let _ = self.source.disconnect();
        self.track.stop();
        let _ = self.context.close();
    }
}
