//! How much is sent at most on a connection, and how loud what arrives on it is.

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

/// Lines of the camera that plans are made for.
const LINES: f64 = 720.0;

impl PeerConnection {
    /// From now on, and without a word to the other side. Has an effect once the first exchange is done.
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

    /// Of the voice that arrives, as the browser heard it last. A question without a report, so it may be asked often.
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

/// `base` is how many lines the plan's scale is of; none: of what there is.
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

/// The browser wants its own parameters back, with nothing else changed. Before the first exchange there are none.
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

fn lines_of(track: &MediaStreamTrack) -> Option<f64> {
    let settings = Reflect::get(track, &"getSettings".into()).ok()?.dyn_into::<Function>().ok()?;
    let settings = settings.call0(track).ok()?;
    // A camera that is held upright has its lines across.
    Some(number(&settings, "height")?.min(number(&settings, "width")?))
}

fn number(of: &JsValue, name: &str) -> Option<f64> {
    Reflect::get(of, &name.into()).ok()?.as_f64()
}
