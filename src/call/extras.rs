//! The extras of a room: connection quality, screen sharing, announcements, reactions and push-to-talk.
//!
//! They follow the call and do not decide about it. The driver passes every change of the view to
//! [`RoomExtras::follow`] and lends them the operations of [`Hands`]; components read [`RoomExtrasView`].

mod announcing;
mod quality;
mod reactions;
mod sharing;
mod talking;
pub mod view;

use self::{
    announcing::Announcing,
    quality::Monitor,
    reactions::Reactions,
    sharing::Sharing,
    talking::Talking,
    view::{RoomExtrasView, RoomExtrasViewStoreFields},
};
use super::{
    handle::Ask,
    view::{CallView, Room},
};
use crate::{
    browser::{
        loudness::Loudness,
        peer::{PeerConnection, Tracks},
    },
    state::toasts::Toasts,
};
use leptos::prelude::*;
use parley_core::{
    adapt::Easing,
    notices::Sound,
    phone::{Capture, Intent, Screen},
    quality::{Measure, Reading},
    speakers::Level,
    talk,
};
use parley_protocol::{CallId, DeviceId, data::DataMessage};
use reactive_stores::Store;
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

/// The operations of the driver that the extras may use.
pub struct Hands {
    pub intend: Box<dyn Fn(Intent)>,
    /// Finds the connection to a device.
    pub line: Box<dyn Fn(DeviceId) -> Option<Rc<PeerConnection>>>,
    /// Starts a meter on this person's microphone.
    pub loudness: Box<dyn Fn() -> Option<Loudness>>,
    pub play: Box<dyn Fn(Sound)>,
    /// Sets the volume at which a device is heard here, in percent.
    pub set_volume: Box<dyn Fn(DeviceId, u8)>,
}

/// The extras of this tab, which live as long as the driver.
pub struct RoomExtras {
    view: Store<RoomExtrasView>,
    hands: Hands,
    monitor: Rc<Monitor>,
    sharing: Rc<Sharing>,
    announcing: Rc<Announcing>,
    reactions: Rc<Reactions>,
    talking: Talking,
    room: RefCell<Option<Room>>,
    /// This person's camera is on, or starting.
    sends_camera: Cell<bool>,
}

impl RoomExtras {
    pub fn new(view: Store<RoomExtrasView>, toasts: Toasts, hands: Hands) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| Self {
            monitor: Monitor::new(view, {
                let this = Weak::clone(this);
                move |device| this.upgrade().and_then(|this| (this.hands.line)(device))
            }),
            sharing: Sharing::new(view, {
                let this = Weak::clone(this);
                move |on| with(&this, |this| (this.hands.intend)(Intent::Share(on)))
            }),
            announcing: Announcing::new(
                toasts,
                {
                    let this = Weak::clone(this);
                    move || (this.upgrade()?.hands.loudness)()
                },
                {
                    let this = Weak::clone(this);
                    move |sound| with(&this, |this| (this.hands.play)(sound))
                },
            ),
            reactions: Reactions::new(view),
            talking: Talking::new(view),
            room: RefCell::default(),
            sends_camera: Cell::default(),
            view,
            hands,
        })
    }

    /// Takes the changed view of the call. `seat` is the call that this device is in.
    pub fn follow(&self, view: &CallView, seat: Option<(CallId, DeviceId)>) {
        self.monitor.follow(view, seat);
        let room = match &view.screen {
            Screen::Room(room) => Some(room.clone()),
            _ => None,
        };
        if self.talking.follow(view.mic) && room.is_some() && view.mic == Capture::Off {
            self.announcing.muted_by_other();
        }
        self.sends_camera.set(matches!(view.camera, Capture::On | Capture::Starting));
        if room.is_none() {
            self.reactions.clear();
            if self.refuses_cameras() {
                self.view.refuses_cameras().set(false);
            }
        }
        self.room.replace(room);
        self.announcing.follow(view);
    }

    /// Carries out a component's request.
    pub fn ask(&self, ask: Ask) {
        match ask {
            Ask::SpareCamera => {
                self.monitor.note(Measure::VideoTurnedOff);
                (self.hands.intend)(Intent::ToggleCamera);
            }
            Ask::RefuseCameras(on) => self.refuse_cameras(on),
            Ask::SoundOnly => {
                if self.sends_camera.get() {
                    (self.hands.intend)(Intent::ToggleCamera);
                }
                self.monitor.note(Measure::AudioOnly);
                self.view.refuses_cameras().set(true);
            }
            Ask::ToggleShare => self.sharing.toggle(),
            Ask::RaiseHand(up) => (self.hands.intend)(Intent::RaiseHand(up)),
            Ask::React(reaction) => {
                self.reactions.show(None, reaction);
                self.send(|call_id| DataMessage::React { call_id, reaction });
            }
            Ask::Talk(input) => {
                if self.talking.handle(input) {
                    (self.hands.intend)(Intent::ToggleMic);
                }
            }
            Ask::SetVolume(device, percent) => {
                self.view.volumes().update(|volumes| {
                    volumes.retain(|(of, _)| *of != device);
                    volumes.push((device, percent));
                });
                (self.hands.set_volume)(device, percent);
            }
        }
    }

    /// Takes a message of another device if it is for the extras; returns false if it is for the call
    /// machine.
    pub fn hear(&self, from: DeviceId, message: &DataMessage) -> bool {
        let DataMessage::React { call_id, reaction } = message else { return false };
        if self.room.borrow().as_ref().is_some_and(|room| room.call_id == *call_id) {
            self.reactions.show(Some(from), *reaction);
        }
        true
    }

    /// Notes that the person has used the microphone's switch.
    pub fn mic_toggled(&self) {
        self.talking.handle(talk::Input::Toggle);
    }

    fn refuse_cameras(&self, on: bool) {
        if on {
            self.monitor.note(Measure::OthersRefused);
        }
        self.view.refuses_cameras().set(on);
    }

    /// Tells whether this person wants to receive no cameras.
    pub fn refuses_cameras(&self) -> bool {
        self.view.refuses_cameras().get_untracked()
    }

    /// Returns the loudness of this person as the others hear it.
    pub fn own_level(&self) -> Level {
        self.announcing.own_level()
    }

    /// Notes for the report that something was done about the connection.
    pub fn note(&self, measure: Measure) {
        self.monitor.note(measure);
    }

    /// Notes for the report how much weak connections take from this person's pictures.
    pub fn note_easing(&self, easing: Easing) {
        self.monitor.note_easing(easing);
    }

    /// Notes that the microphone was replaced.
    pub fn mic_changed(&self) {
        self.announcing.mic_changed();
    }

    /// Takes the newest measurement of a connection, if there is one since the last call. It decides what is
    /// sent.
    pub fn take_reading(&self, device: DeviceId) -> Option<Reading> {
        self.monitor.take_reading(device)
    }

    pub fn note_server_rtt(&self, ms: u32) {
        self.monitor.note_server_rtt(ms);
    }

    pub fn add_screen_to(&self, tracks: &mut Tracks) {
        self.sharing.add_to(tracks);
    }

    /// Ends the screen share and the microphone's meter: the call has released its devices.
    pub fn release(&self) {
        self.sharing.stop();
        self.announcing.mic_changed();
    }

    /// Sends a message to every other device in the room.
    fn send(&self, message: impl Fn(CallId) -> DataMessage) {
        let room = self.room.borrow();
        let Some(room) = room.as_ref() else { return };
        let Ok(text) = serde_json::to_string(&message(room.call_id)) else { return };
        for tile in room.tiles() {
            if let Some(line) = (self.hands.line)(tile.device_id) {
                // It is not sent again: a lost reaction does no harm.
                let _ = line.send_data(&text);
            }
        }
    }
}

fn with(this: &Weak<RoomExtras>, act: impl FnOnce(&RoomExtras)) {
    if let Some(this) = this.upgrade() {
        act(&this);
    }
}
