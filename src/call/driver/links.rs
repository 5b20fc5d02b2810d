//! The driver's side of the connections to remote devices: it carries out the machine's commands and passes
//! on the connections' events.

use super::{Driver, with};
use crate::{
    browser::{
        error::BrowserError,
        peer::{PeerEvent, Tracks},
    },
    call::handle::Picture,
};
use parley_core::{
    adapt::Plan,
    peer::{self, Command, CommandFailed, Path},
    phone::{Input, MediaKind},
    quality::Measure,
};
use parley_protocol::{DeviceId, data::DataMessage, rest::IceConfig};
use std::rc::{Rc, Weak};
use wasm_bindgen_futures::spawn_local;

impl Driver {
    /// Sends a message over the data channel; returns whether the channel took it.
    pub(super) fn say(&self, device: DeviceId, message: &DataMessage) -> bool {
        let text = serde_json::to_string(message);
        self.lines.get(device).is_some_and(|peer| text.is_ok_and(|text| peer.send_data(&text)))
    }

    pub(super) fn open(&self, device: DeviceId, ice: IceConfig) -> Result<(), BrowserError> {
        self.tiles.renewed(device);
        let peer = self.lines.open(device, ice)?;
        peer.begins_among(self.phone.borrow().company());
        for picture in pictures_of(device) {
            let of_screen = matches!(picture, Picture::Screen(_) | Picture::MiniScreen(_));
            self.stage.put_stream(picture, if of_screen { peer.screen() } else { peer.stream() });
        }
        Ok(())
    }

    pub(super) fn peer_event(&self, device: DeviceId, event: PeerEvent) {
        let event = match event {
            PeerEvent::Candidate(candidate) => peer::Event::Candidate(candidate),
            PeerEvent::Path(path) => {
                // Limits that were set before the first offer and answer had no effect.
                if let Some(plan) = self.tiles.plan(device).filter(|_| path == Path::Connected) {
                    self.limit(plan);
                }
                peer::Event::Path(path)
            }
            PeerEvent::Data(text) => {
                if let Ok(message) = serde_json::from_str::<DataMessage>(&text)
                    && !self.extras.hear(device, &message)
                {
                    self.push(Input::Data(device, message));
                }
                return;
            }
        };
        self.push(Input::Peer(device, event));
    }

    /// Runs a command and pushes its result as an input.
    pub(super) fn command(&self, device: DeviceId, command: Command) {
        let Some(connection) = self.lines.get(device) else { return };
        if matches!(command, Command::MakeOffer { restart_ice: true }) {
            self.extras.note(Measure::PathRestarted);
        }
        let this = Weak::clone(&self.this);
        spawn_local(async move {
            let candidates = matches!(command, Command::AddCandidates { .. });
            let result = connection.run(command).await;
            with(&this, |driver| {
                // The result of a connection that was closed or replaced meanwhile would be taken for that of
                // its successor.
                if !driver.lines.get(device).is_some_and(|current| Rc::ptr_eq(&current, &connection)) {
                    return;
                }
                // Candidates of an older description fail often, and it does not matter.
                if let Err(error) = &result
                    && !candidates
                {
                    leptos::logging::error!("{error}");
                }
                let done = peer::Event::Done(result.map_err(|_| CommandFailed));
                driver.push(Input::Peer(device, done));
            });
        });
    }

    /// Puts this device's tracks on a connection, or takes all off it.
    pub(super) fn send_tracks(&self, device: DeviceId, send: bool) {
        let Some(peer) = self.lines.get(device) else { return };
        let mut tracks = Tracks::default();
        if send {
            tracks[0] = self.devices.track(MediaKind::Mic);
            tracks[1] = self.devices.track(MediaKind::Camera);
            self.extras.add_screen_to(&mut tracks);
        }
        spawn_local(async move {
            if let Err(error) = peer.send_tracks(tracks).await {
                leptos::logging::log!("{error}");
            }
        });
    }

    /// Limits what is sent on a connection.
    pub(super) fn limit(&self, plan: Plan) {
        let Some(peer) = self.lines.get(plan.device) else { return };
        spawn_local(async move {
            if let Err(error) = peer.send_at_most(plan).await {
                leptos::logging::log!("{error}");
            }
        });
    }

    pub(super) fn close(&self, device: DeviceId) {
        self.lines.close(device);
        for picture in pictures_of(device) {
            self.stage.take_stream(picture);
        }
    }
}

/// Lists the pictures of a device: camera and screen, in the room and in the small window.
fn pictures_of(device: DeviceId) -> [Picture; 4] {
    [Picture::Remote(device), Picture::Screen(device), Picture::Mini(device), Picture::MiniScreen(device)]
}
