//! Tracks of this device's microphone and camera, as `getUserMedia` gives them. Dropping a track ends it, and
//! the camera light goes out.

use super::{
    choices::{DeviceKind, chosen as chosen_id},
    error::BrowserError,
    listener::Listener,
};
use js_sys::{Function, Reflect};
use leptos::prelude::window;
use parley_core::phone::{MediaFault, MediaKind};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStream, MediaStreamConstraints, MediaStreamTrack, MediaTrackConstraints};

/// A live track of this device.
pub struct Track {
    track: MediaStreamTrack,
    _ended: Listener,
}

impl Track {
    pub fn new(track: MediaStreamTrack, ended: impl Fn() + 'static) -> Self {
        let listener = Listener::new(&track, "ended", move |_: JsValue| ended());
        Self { track, _ended: listener }
    }

    pub fn enable(&self, enabled: bool) {
        self.track.set_enabled(enabled);
    }

    /// Returns the id and the name of the device that the track comes from.
    pub fn source(&self) -> Option<(String, String)> {
        let settings = Reflect::get(&self.track, &"getSettings".into()).ok()?.dyn_into::<Function>().ok()?;
        let settings = settings.call0(&self.track).ok()?;
        let id = Reflect::get(&settings, &"deviceId".into()).ok()?.as_string()?;
        Some((id, self.track.label()))
    }

    /// Returns another reference to the same track. The track's own method `clone` would make a second track,
    /// which keeps the camera on.
    pub fn raw(&self) -> MediaStreamTrack {
        Clone::clone(&self.track)
    }
}

impl Drop for Track {
    fn drop(&mut self) {
        self.track.stop();
    }
}

/// The answer to a request for devices: for each kind that was asked for, its track or the fault.
pub type Acquired = Vec<(MediaKind, Result<MediaStreamTrack, MediaFault>)>;

/// Asks the browser for devices: for both in one request, so that the person sees one question. If that
/// fails, each is asked for alone, so that a missing camera does not cost the microphone.
pub async fn acquire(mic: bool, camera: bool) -> Acquired {
    if mic
        && camera
        && let Ok(stream) = request(true, true).await
    {
        return vec![
            (MediaKind::Mic, first(&stream.get_audio_tracks())),
            (MediaKind::Camera, first(&stream.get_video_tracks())),
        ];
    }
    let mut acquired = Vec::new();
    if mic {
        let stream = request(true, false).await;
        acquired.push((MediaKind::Mic, stream.and_then(|stream| first(&stream.get_audio_tracks()))));
    }
    if camera {
        let stream = request(false, true).await;
        acquired.push((MediaKind::Camera, stream.and_then(|stream| first(&stream.get_video_tracks()))));
    }
    acquired
}

/// Asks for the chosen devices, and for any devices if the chosen ones are not there. The first request says
/// `exact`, because browsers may ignore an `ideal` device.
async fn request(mic: bool, camera: bool) -> Result<MediaStream, MediaFault> {
    let chosen = [(mic, DeviceKind::Mic), (camera, DeviceKind::Camera)];
    let has_chosen = chosen.into_iter().any(|(wanted, kind)| wanted && chosen_id(kind).is_some());
    match request_from(mic, camera, chosen_id).await {
        Err(MediaFault::NotFound) if has_chosen => request_from(mic, camera, |_| None).await,
        answer => answer,
    }
}

async fn request_from(
    mic: bool,
    camera: bool,
    from: impl Fn(DeviceKind) -> Option<String>,
) -> Result<MediaStream, MediaFault> {
    // A page that did not come over a secure connection has no devices.
    let devices = window().navigator().media_devices().map_err(|_| MediaFault::NotFound)?;
    if devices.is_undefined() {
        return Err(MediaFault::NotFound);
    }
    let constraints = MediaStreamConstraints::new();
    if mic {
        constraints.set_audio(&audio_constraints(from(DeviceKind::Mic)));
    }
    if camera {
        constraints.set_video(&video_constraints(from(DeviceKind::Camera)));
    }
    let promise = devices.get_user_media_with_constraints(&constraints).map_err(|error| fault(&error))?;
    let stream = JsFuture::from(promise).await.map_err(|error| fault(&error))?;
    stream.dyn_into().map_err(|_| MediaFault::Other)
}

fn audio_constraints(from: Option<String>) -> JsValue {
    let audio = MediaTrackConstraints::new();
    audio.set_echo_cancellation_bool(true);
    audio.set_noise_suppression_bool(true);
    audio.set_auto_gain_control_bool(true);
    if let Some(id) = from {
        audio.set_device_id(&exactly(&id));
    }
    audio.into()
}

fn video_constraints(from: Option<String>) -> JsValue {
    let video = MediaTrackConstraints::new();
    for (set, ideal) in [
        (MediaTrackConstraints::set_width as fn(&MediaTrackConstraints, &JsValue), 1_280.0),
        (MediaTrackConstraints::set_height, 720.0),
        (MediaTrackConstraints::set_frame_rate, 30.0),
    ] {
        let range = js_sys::Object::new();
        let _ = Reflect::set(&range, &"ideal".into(), &ideal.into());
        set(&video, &range);
    }
    if let Some(id) = from {
        video.set_device_id(&exactly(&id));
    }
    video.into()
}

fn exactly(id: &str) -> JsValue {
    let exact = js_sys::Object::new();
    let _ = Reflect::set(&exact, &"exact".into(), &id.into());
    exact.into()
}

fn first(tracks: &js_sys::Array) -> Result<MediaStreamTrack, MediaFault> {
    tracks.get(0).dyn_into().map_err(|_| MediaFault::NotFound)
}

fn fault(error: &JsValue) -> MediaFault {
    match BrowserError::new("getUserMedia", error).name.as_str() {
        "NotAllowedError" | "SecurityError" => MediaFault::Denied,
        "NotFoundError" | "OverconstrainedError" => MediaFault::NotFound,
        "NotReadableError" | "AbortError" => MediaFault::InUse,
        _ => MediaFault::Other,
    }
}
