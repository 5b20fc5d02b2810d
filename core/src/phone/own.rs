//! This device's microphone, camera, screen and hand: the wanted state and the actual one.

use super::{Capture, MediaCommand, MediaEvent, MediaKind, Output, Phone, State};
use parley_protocol::{
    ClientMessage,
    call::{Call, OwnMedia},
    data::DataMessage,
};

#[derive(Debug, Default)]
pub(super) struct OwnDevices {
    pub mic: Capture,
    pub camera: Capture,
    /// Whether the browser has opened the microphone, which may be muted all the same.
    mic_open: bool,
    screen: bool,
    hand: bool,
}

impl OwnDevices {
    /// Returns the state that the others are told. A device that is starting counts as on.
    pub fn media(&self) -> OwnMedia {
        let wanted = |capture| matches!(capture, Capture::On | Capture::Starting);
        OwnMedia {
            muted: !wanted(self.mic),
            video: wanted(self.camera),
            screen: self.screen,
            hand: self.hand,
        }
    }

    fn slot(&mut self, kind: MediaKind) -> &mut Capture {
        match kind {
            MediaKind::Mic => &mut self.mic,
            MediaKind::Camera => &mut self.camera,
        }
    }
}

impl Phone {
    pub(super) fn acquire(&mut self, mic: bool, camera: bool) {
        if mic {
            self.own.mic = Capture::Starting;
        }
        if camera {
            self.own.camera = Capture::Starting;
        }
        self.outputs.push_back(Output::Media(MediaCommand::Acquire { mic, camera }));
    }

    pub(super) fn release_devices(&mut self) {
        self.own = OwnDevices::default();
        self.outputs.push_back(Output::Media(MediaCommand::Release));
    }

    pub(super) fn media(&mut self, event: MediaEvent) {
        if matches!(self.state, State::Idle | State::Incoming(_) | State::Over(_)) {
            // The browser was still asking for permission when the call ended. The device must not stay on.
            if matches!(event, MediaEvent::Ready(_)) {
                self.outputs.push_back(Output::Media(MediaCommand::Release));
            }
            return;
        }
        match event {
            MediaEvent::Ready(kind) => self.device_ready(kind),
            MediaEvent::Failed(kind, fault) => {
                let slot = self.own.slot(kind);
                if *slot == Capture::Starting {
                    *slot = Capture::Failed(fault);
                }
            }
            MediaEvent::Ended(kind) => self.device_ended(kind),
        }
        self.announce();
    }

    /// Acquires a device again that was in use when its track ended: it was unplugged, or the permission
    /// revoked. The browser takes another device if there is one.
    fn device_ended(&mut self, kind: MediaKind) {
        if kind == MediaKind::Mic {
            self.own.mic_open = false;
        }
        let was_on = *self.own.slot(kind) == Capture::On;
        *self.own.slot(kind) = Capture::Off;
        if was_on {
            self.acquire(kind == MediaKind::Mic, kind == MediaKind::Camera);
        }
    }

    fn device_ready(&mut self, kind: MediaKind) {
        // Off and on again while the browser asks for permission makes two requests, and both are answered.
        // So the wanted state decides, not the answer.
        let wanted = matches!(self.own.slot(kind), Capture::Starting | Capture::On);
        match kind {
            MediaKind::Mic => {
                self.own.mic_open = true;
                self.outputs.push_back(Output::Media(MediaCommand::Mute(!wanted)));
            }
            MediaKind::Camera if !wanted => {
                self.outputs.push_back(Output::Media(MediaCommand::StopCamera));
            }
            MediaKind::Camera => {}
        }
        if wanted {
            *self.own.slot(kind) = Capture::On;
        }
        self.refresh_sending();
    }

    pub(super) fn toggle_mic(&mut self) {
        if !self.has_devices() {
            return;
        }
        match self.own.mic {
            Capture::On | Capture::Starting => {
                self.own.mic = Capture::Off;
                self.outputs.push_back(Output::Media(MediaCommand::Mute(true)));
            }
            Capture::Off if self.own.mic_open => {
                self.own.mic = Capture::On;
                self.outputs.push_back(Output::Media(MediaCommand::Mute(false)));
            }
            Capture::Off | Capture::Failed(_) => self.acquire(true, false),
        }
        self.announce();
    }

    pub(super) fn toggle_camera(&mut self) {
        if !self.has_devices() {
            return;
        }
        match self.own.camera {
            Capture::On | Capture::Starting => {
                self.own.camera = Capture::Off;
                self.outputs.push_back(Output::Media(MediaCommand::StopCamera));
            }
            Capture::Off | Capture::Failed(_) => self.acquire(false, true),
        }
        self.announce();
    }

    /// Puts the own screen on every line that sends, or takes it off. The transceiver for it is there from
    /// the start, so no negotiation is needed.
    pub(super) fn share(&mut self, on: bool) {
        if !matches!(self.state, State::Room(_)) || self.own.screen == on {
            return;
        }
        self.own.screen = on;
        self.refresh_sending();
        self.announce();
    }

    pub(super) fn raise_hand(&mut self, up: bool) {
        if matches!(self.state, State::Room(_)) {
            self.own.hand = up;
            self.announce();
        }
    }

    /// Checks whether this person's hand is up.
    pub fn hand_is_up(&self) -> bool {
        self.own.hand
    }

    /// Switches the microphone off if a host has muted this person; only the person switches it on again. The
    /// server counts mutes, so each is obeyed once, and an old state does not mute somebody who speaks again.
    pub(super) fn obey_mute(&mut self) {
        let me = self.me;
        let State::Room(room) = &mut self.state else { return };
        let told = room.call.participant(me).map_or(0, |seat| seat.mutes);
        if told <= std::mem::replace(&mut room.mutes, told) {
            return;
        }
        if matches!(self.own.mic, Capture::On | Capture::Starting) {
            self.toggle_mic();
        }
    }

    fn has_devices(&self) -> bool {
        matches!(self.state, State::Starting(_) | State::Outgoing(_) | State::Room(_))
    }

    /// Announces the own media if it differs from the server's record, because announcements made while the
    /// socket was away are lost.
    pub(super) fn announce_against(&mut self, said: &Call) {
        let heard = said.participant(self.me).map(|seat| seat.media);
        let me = self.me;
        if let Some(call) = self.call_mut(said.id)
            && let Some(seat) = call.participants.iter_mut().find(|p| p.user.id == me)
            && let Some(heard) = heard
        {
            seat.media = heard;
        }
        self.announce();
    }

    /// Tells the server and the others the state of the own media, if it has changed.
    pub(super) fn announce(&mut self) {
        let media = self.own.media();
        let (State::Outgoing(super::Ring { call, .. }) | State::Room(super::InRoom { call, .. })) =
            &mut self.state
        else {
            return;
        };
        let Some(seat) = call.participants.iter_mut().find(|p| p.user.id == self.me) else { return };
        // Before the server has heard the answer, the accept request itself carries the media.
        if seat.media == media || !seat.status.is_in() {
            return;
        }
        seat.media = media;
        let call_id = call.id;
        self.outputs.push_back(Output::Send(ClientMessage::ParticipantUpdate { call_id, media }));
        for device in self.lines.keys() {
            self.outputs.push_back(Output::Data(*device, DataMessage::Media { call_id, media }));
        }
    }
}
