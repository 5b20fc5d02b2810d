//! Screen sharing: a screen, a window or a tab that this person shows to the others (`getDisplayMedia`).

use super::{error::BrowserError, media::Track};
use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaDevices, MediaStream, MediaStreamTrack};

/// A running capture; dropping it ends the share.
pub struct Share {
    picture: Track,
    sound: Option<Track>,
    /// The sound was left out: it was that of the whole computer, which contains the call's own voices, and
    /// the others would hear themselves.
    pub silenced: bool,
}

/// The reason why there is no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoShare {
    /// The person changed their mind, or does not allow it.
    Refused,
    Failed,
}

/// Tells whether the browser can share a screen; those of phones cannot.
pub fn is_possible() -> bool {
    get_display_media().is_some()
}

/// Asks the person to choose a screen, a window or a tab. Browsers allow it only shortly after a click.
pub async fn choose(ended: impl Fn() + 'static) -> Result<Share, NoShare> {
    let (devices, ask) = get_display_media().ok_or(NoShare::Failed)?;
    let asked = ask.call1(&devices, &options()).map_err(|error| fault(&error))?;
    let stream = JsFuture::from(js_sys::Promise::from(asked)).await.map_err(|error| fault(&error))?;
    let stream: MediaStream = stream.dyn_into().map_err(|_| NoShare::Failed)?;
    let picture: MediaStreamTrack = first(&stream.get_video_tracks()).ok_or(NoShare::Failed)?;
    // For text, a sharp picture matters more than a smooth one.
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

/// Makes the options: this tab is not offered, because it would show itself endlessly, and sound is wanted
/// only without the call's own voices. Browsers ignore the options that they do not know.
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

/// Reads the kind of the shared surface: `monitor`, `window` or `browser`.
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
