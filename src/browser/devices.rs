//! The microphone and camera that this tab holds open, and the stream for the self-view.

use super::{
    choices::{Device, DeviceKind},
    media::{Acquired, Track, acquire},
};
use parley_core::phone::{MediaFault, MediaKind};
use std::cell::{Cell, RefCell};
use web_sys::{MediaStream, MediaStreamTrack};

/// The tracks of this tab. Dropping it ends them.
#[derive(Default)]
pub struct Devices {
    mic: RefCell<Option<Track>>,
    camera: RefCell<Option<Track>>,
    /// The self-view: the camera alone, because the microphone would be heard as an echo.
    picture: RefCell<Option<MediaStream>>,
    /// Counts releases. A request from before a release finds another number and is not taken.
    era: Cell<u32>,
}

/// A request for devices that has not been answered yet.
pub struct Request {
    era: u32,
    mic: bool,
    camera: bool,
}

impl Devices {
    pub fn request(&self, mic: bool, camera: bool) -> Request {
        Request { era: self.era.get(), mic, camera }
    }

    /// Takes the acquired tracks, unless the devices were released meanwhile; then the tracks end at once.
    pub fn take(
        &self,
        request: &Request,
        acquired: Acquired,
        ended: impl Fn(MediaKind) + Clone + 'static,
    ) -> Vec<(MediaKind, Result<(), MediaFault>)> {
        let wanted = request.era == self.era.get();
        let mut taken = Vec::new();
        for (kind, result) in acquired {
            let ended = ended.clone();
            let track = result.map(|track| Track::new(track, move || ended(kind)));
            if wanted {
                taken.push((kind, track.map(|track| self.put(kind, Some(track)))));
            }
        }
        taken
    }

    pub fn mute(&self, muted: bool) {
        if let Some(mic) = &*self.mic.borrow() {
            mic.enable(!muted);
        }
    }

    pub fn stop(&self, kind: MediaKind) {
        self.put(kind, None);
    }

    /// Ends both tracks, and makes open requests void.
    pub fn release(&self) {
        self.era.set(self.era.get() + 1);
        self.stop(MediaKind::Mic);
        self.stop(MediaKind::Camera);
    }

    pub fn track(&self, kind: MediaKind) -> Option<MediaStreamTrack> {
        self.slot(kind).borrow().as_ref().map(Track::raw)
    }

    /// Returns the device in use.
    pub fn used(&self, kind: MediaKind) -> Option<Device> {
        let (id, label) = self.slot(kind).borrow().as_ref()?.source()?;
        let kind = match kind {
            MediaKind::Mic => DeviceKind::Mic,
            MediaKind::Camera => DeviceKind::Camera,
        };
        Some(Device { kind, id, label })
    }

    pub fn own_picture(&self) -> Option<MediaStream> {
        self.picture.borrow().clone()
    }

    fn put(&self, kind: MediaKind, track: Option<Track>) {
        self.slot(kind).replace(track);
        if kind == MediaKind::Camera {
            self.picture.replace(self.track(kind).and_then(|camera| {
                let stream = MediaStream::new().ok()?;
                stream.add_track(&camera);
                Some(stream)
            }));
        }
    }

    fn slot(&self, kind: MediaKind) -> &RefCell<Option<Track>> {
        match kind {
            MediaKind::Mic => &self.mic,
            MediaKind::Camera => &self.camera,
        }
    }
}

impl Request {
    pub async fn answer(&self) -> Acquired {
        acquire(self.mic, self.camera).await
    }
}
