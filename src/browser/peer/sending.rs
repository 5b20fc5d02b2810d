//! The limits of what a connection sends, and the loudness of what it receives.

use super::PeerConnection;
use crate::browser::error::BrowserError;
use js_sys::{Array, Function, Reflect};
use parley_core::{
    adapt::{Plan, Sending},
    speakers::Level,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStreamTrack, RtcRtpSender};

/// The height of the camera picture that a plan's scale refers to.
const LINES: f64 = 720.0;

impl PeerConnection {
    /// Limits bitrate, size and frame rate of what is sent, without a negotiation. It has no effect before
    /// the first offer and answer are exchanged, so it is called again when the connection is up.
    pub async fn send_at_most(&self, plan: Plan) -> Result<(), BrowserError> {
        let mut videos = [(plan.camera, Some(LINES)), (plan.screen, None)].into_iter();
        let mut changed = Vec::new();
        for transceiver in self.transceivers() {
            let sender = transceiver.sender();
            if transceiver.receiver().track().kind() == "audio" {
                changed.extend(limit(&sender, &[("maxBitrate", f64::from(plan.audio_kbps) * 1_000.0)]));
            } else {
                changed.extend(videos.next().and_then(|(sending, base)| limit_video(&sender, sending, base)));
            }
        }
        for promise in changed {
            JsFuture::from(promise).await.map_err(BrowserError::of("setParameters"))?;
        }
        Ok(())
    }

    /// Returns the loudness of the received voice in the last audio packets. Cheaper than `getStats`, so it
    /// may be called often.
    pub fn loudness(&self) -> Level {
        let audio = self.transceivers().map(|transceiver| transceiver.receiver());
        let Some(receiver) = audio.into_iter().find(|receiver| receiver.track().kind() == "audio") else {
            return Level::SILENCE;
        };
        let ask = Reflect::get(&receiver, &"getSynchronizationSources".into()).ok();
        let ask = ask.and_then(|ask| ask.dyn_into::<Function>().ok());
        let sources =
            ask.and_then(|ask| ask.call0(&receiver).ok()).map(|list| Array::from(&list)).unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
        let levels =
            sources.iter().filter_map(|source| number(&source, "audioLevel")).map(|level| level as f32);
        levels.map(Level::of_amplitude).max().unwrap_or(Level::SILENCE)
    }
}

/// Limits one video sender. `base` is the height that the plan's scale refers to; none means the track's own
/// height.
fn limit_video(
    sender: &RtcRtpSender,
    sending: Option<Sending>,
    base: Option<f64>,
) -> Option<js_sys::Promise> {
    let Some(Sending { kbps, scale, fps }) = sending else {
        return set(sender, &[("active", JsValue::FALSE)]);
    };
    let lines = sender.track().and_then(|track| lines_of(&track));
    let larger = base.zip(lines).map_or(1.0, |(base, lines)| lines / base);
    let scale = (larger * f64::from(scale) / 100.0).max(1.0);
    set(
        sender,
        &[
            ("active", JsValue::TRUE),
            ("maxBitrate", (f64::from(kbps) * 1_000.0).into()),
            ("scaleResolutionDownBy", scale.into()),
            ("maxFramerate", fps.into()),
        ],
    )
}

fn limit(sender: &RtcRtpSender, values: &[(&str, f64)]) -> Option<js_sys::Promise> {
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, JsValue::from(*value))).collect();
    set(sender, &values)
}

/// Sets values of the sender's first encoding. `setParameters` takes only the object of the last
/// `getParameters`, which has no encodings before the first offer and answer; then none is returned.
fn set(sender: &RtcRtpSender, values: &[(&str, JsValue)]) -> Option<js_sys::Promise> {
    let parameters = sender.get_parameters();
    let encodings = Reflect::get(&parameters, &"encodings".into()).ok()?;
    let first = Array::from(&encodings).get(0);
    if !first.is_object() {
        return None;
    }
    for (name, value) in values {
        Reflect::set(&first, &(*name).into(), value).ok()?;
    }
    Some(sender.set_parameters_with_parameters(&parameters))
}

/// Returns the height of the picture; of one taken upright, the width.
fn lines_of(track: &MediaStreamTrack) -> Option<f64> {
    let settings = Reflect::get(track, &"getSettings".into()).ok()?.dyn_into::<Function>().ok()?;
    let settings = settings.call0(track).ok()?;
    // A phone that is held upright has a picture that is higher than wide.
    Some(number(&settings, "height")?.min(number(&settings, "width")?))
}

fn number(of: &JsValue, name: &str) -> Option<f64> {
    Reflect::get(of, &name.into()).ok()?.as_f64()
}
