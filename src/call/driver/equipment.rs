//! The driver's side of this person's microphone, camera and speakers: acquiring, choosing, and plugging in
//! and out.

use super::{Driver, with};
use crate::{
    browser::choices,
    call::{
        handle::Picture,
        view::{Device, DeviceKind},
    },
};
use parley_core::phone::{Input, MediaCommand, MediaEvent, MediaKind};
use std::rc::Weak;
use wasm_bindgen_futures::spawn_local;

impl Driver {
    /// Carries out a command for the devices. Acquired tracks are reported as inputs later.
    pub(super) fn media(&self, command: MediaCommand) {
        match command {
            MediaCommand::Acquire { mic, camera } => {
                let request = self.devices.request(mic, camera);
                let this = Weak::clone(&self.this);
                spawn_local(async move {
                    let acquired = request.answer().await;
                    let ended = Weak::clone(&this);
                    with(&this, |driver| {
                        let ended = move |kind| {
                            with(&ended, |driver| driver.push(Input::Media(MediaEvent::Ended(kind))));
                        };
                        for (kind, taken) in driver.devices.take(&request, acquired, ended) {
                            driver.push(Input::Media(match taken {
                                Ok(()) => MediaEvent::Ready(kind),
                                Err(fault) => MediaEvent::Failed(kind, fault),
                            }));
                        }
                        driver.show_own_picture();
                        driver.stage.resume();
                        driver.extras.mic_changed();
                    });
                });
            }
            MediaCommand::Mute(muted) => self.devices.mute(muted),
            MediaCommand::StopCamera => self.devices.stop(MediaKind::Camera),
            MediaCommand::Release => {
                self.devices.release();
                self.extras.release();
            }
        }
        self.show_own_picture();
    }

    pub(super) fn show_own_picture(&self) {
        match self.devices.own_picture() {
            Some(stream) => self.stage.put_stream(Picture::Own, stream),
            None => self.stage.take_stream(Picture::Own),
        }
    }

    /// Keeps the choice of a device and switches to it if one of its kind is in use.
    pub(super) fn choose(&self, kind: DeviceKind, id: &str) {
        choices::choose(kind, id);
        match kind {
            DeviceKind::Mic if self.devices.track(MediaKind::Mic).is_some() => {
                self.media(MediaCommand::Acquire { mic: true, camera: false });
            }
            DeviceKind::Camera if self.devices.track(MediaKind::Camera).is_some() => {
                // A phone can open only one of its cameras at a time, so the current one is closed first. The
                // machine hears that it has ended, and asks for a camera again.
                self.media(MediaCommand::StopCamera);
                self.push(Input::Media(MediaEvent::Ended(MediaKind::Camera)));
            }
            DeviceKind::Speaker => self.stage.change_speakers(),
            DeviceKind::Mic | DeviceKind::Camera => {}
        }
    }

    /// Replaces devices after one was plugged in or out: a chosen headset is back, or the system has another
    /// default.
    pub(super) fn devices_changed(&self) {
        let this = Weak::clone(&self.this);
        spawn_local(async move {
            let found = choices::list().await;
            with(&this, |driver| {
                let another = |kind| {
                    let means = |used: &Device| {
                        let chosen = choices::chosen(used.kind);
                        choices::means_another(used, chosen.as_deref(), &found)
                    };
                    driver.devices.used(kind).as_ref().is_some_and(means)
                };
                let [mic, camera] = [MediaKind::Mic, MediaKind::Camera].map(another);
                if mic || camera {
                    driver.media(MediaCommand::Acquire { mic, camera });
                }
                driver.stage.change_speakers();
            });
        });
    }
}
