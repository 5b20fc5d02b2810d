//! The microphone and camera that this tab holds open, and the stream that shows the own picture.

use super::{
    choices::{Device, DeviceKind},
    media::{Acquired, Track, acquire},
};
use parley_core::phone::{MediaFault, MediaKind};
use std::cell::{Cell, RefCell};
use web_sys::{MediaStream, MediaStreamTrack};

#[derive(Default)]
pub struct Devices {
    mic: RefCell<Option<Track>>,
    camera: RefCell<Option<Track>>,
    /// The camera without the sound, which would come back as an echo.
    picture: RefCell<Option<MediaStream>>,
    /// Grows with each release, so that what was asked for before it is not taken after it.
    era: Cell<u32>,
}

/// A request for devices that has been made, but has not been heard.
pub struct Request {
    era: u32,
    mic: bool,
    camera: bool,
}

impl Devices {
    pub fn request(&self, mic: bool, camera: bool) -> Request {
        Request { era: self.era.get(), mic, camera }
    }

    /// Takes what came, unless the devices were released meanwhile; then its tracks end at once.
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

    /// Everything off, also what is still being asked for.
    pub fn release(&self) {
        self.era.set(self.era.get() + 1);
        self.stop(MediaKind::Mic);
        self.stop(MediaKind::Camera);
    }

    pub fn track(&self, kind: MediaKind) -> Option<MediaStreamTrack> {
        self.slot(kind).borrow().as_ref().map(Track::raw)
    }

    /// Which one is in use.
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
