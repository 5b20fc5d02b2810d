//! A screen, a window or a tab that this person shows to the others. Dropping it ends the showing.

use super::{error::BrowserError, media::Track};
use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaDevices, MediaStream, MediaStreamTrack};

pub struct Share {
    picture: Track,
    sound: Option<Track>,
    /// It came with the sound of the whole computer, and with that the voices of the call: left out, so that nobody
    /// hears themselves.
    pub silenced: bool,
}

/// The person changed their mind, or the browser does not let them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoShare {
    Refused,
    Failed,
}

/// Phones cannot.
pub fn is_possible() -> bool {
    get_display_media().is_some()
}

/// Asks the person what to show. To be called while their click is fresh.
pub async fn choose(ended: impl Fn() + 'static) -> Result<Share, NoShare> {
    let (devices, ask) = get_display_media().ok_or(NoShare::Failed)?;
    let asked = ask.call1(&devices, &options()).map_err(|error| fault(&error))?;
    let stream = JsFuture::from(js_sys::Promise::from(asked)).await.map_err(|error| fault(&error))?;
    let stream: MediaStream = stream.dyn_into().map_err(|_| NoShare::Failed)?;
    let picture: MediaStreamTrack = first(&stream.get_video_tracks()).ok_or(NoShare::Failed)?;
    // What is read must be sharp; that it moves smoothly comes second.
    set(&picture, "contentHint", "detail");
    let whole = surface(&picture).as_deref() == Some("monitor");
    let sound = first(&stream.get_audio_tracks()).map(|sound| Track::new(sound, || {}));
    let silenced = whole && sound.is_some();
    let sound = if silenced { None } else { sound };
    Ok(Share { picture: Track::new(picture, ended), sound, silenced })
}

impl Share {
    pub fn picture(&self) -> MediaStreamTrack {
        self.picture.raw()
    }

    pub fn sound(&self) -> Option<MediaStreamTrack> {
        self.sound.as_ref().map(Track::raw)
    }
}

/// Not this page, for a mirror in a mirror helps nobody; and of sound only what does not hold the call itself.
fn options() -> Object {
    let video = Object::new();
    let rate = Object::new();
    set(&rate, "max", 30);
    set(&video, "frameRate", &rate);
    let audio = Object::new();
    set(&audio, "echoCancellation", false);
    set(&audio, "noiseSuppression", false);
    set(&audio, "autoGainControl", false);
    set(&audio, "restrictOwnAudio", true);
    let options = Object::new();
    set(&options, "video", &video);
    set(&options, "audio", &audio);
    set(&options, "selfBrowserSurface", "exclude");
    set(&options, "surfaceSwitching", "include");
    set(&options, "systemAudio", "exclude");
    options
}

/// `monitor`, `window` or `browser`.
fn surface(picture: &MediaStreamTrack) -> Option<String> {
    let ask: Function = Reflect::get(picture, &"getSettings".into()).ok()?.dyn_into().ok()?;
    Reflect::get(&ask.call0(picture).ok()?, &"displaySurface".into()).ok()?.as_string()
}

fn get_display_media() -> Option<(MediaDevices, Function)> {
    let devices = window().navigator().media_devices().ok().filter(|devices| !devices.is_undefined())?;
    let ask = Reflect::get(&devices, &"getDisplayMedia".into()).ok()?.dyn_into().ok()?;
    Some((devices, ask))
}

fn set(object: &JsValue, field: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(object, &field.into(), &value.into());
}

fn first(tracks: &Array) -> Option<MediaStreamTrack> {
    tracks.get(0).dyn_into().ok()
}

fn fault(error: &JsValue) -> NoShare {
    match BrowserError::new("getDisplayMedia", error).name.as_str() {
        "NotAllowedError" | "AbortError" => NoShare::Refused,
        _ => NoShare::Failed,
    }
}
