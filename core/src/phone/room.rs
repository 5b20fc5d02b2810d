//! In the room: connecting to those who are in it, and leaving.

use super::{ApiCommand, InRoom, Outcome, Output, Phone, Ring, State, lines::Line};
use crate::time::Instant;
use parley_protocol::{
    CallId, ClientMessage, DeviceId, UserId,
    call::{CallMode, MediaState, ParticipantStatus},
    data::{DataMessage, Shown},
};

impl Phone {
    /// The call that this device started has been answered.
    pub(super) fn enter_room(&mut self, now: Instant) {
        if matches!(self.state, State::Outgoing(_)) {
            self.go_in();
            self.connect_room(now);
        }
    }

    /// From ringing, on either side, into the room.
    pub(super) fn go_in(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Idle) {
            State::Outgoing(Ring { call, with, ice, .. }) | State::Incoming(Ring { call, with, ice, .. }) => {
                State::Room(InRoom {
                    call,
                    with,
                    ice,
                    since: None,
                    promised: None,
                    other: None,
                    accept_again_at: None,
                    reported: None,
                    mutes: 0,
                })
            }
            other => other,
        };
    }

    /// Lines to the devices that are in the room. Those that ring keep theirs until their people have answered.
    pub(super) fn connect_room(&mut self, now: Instant) {
        let State::Room(room) = &self.state else { return };
        if room.call.status.is_unanswered() {
            return;
        }
        let ice = room.ice.clone();
        let wanted: Vec<_> = room
            .call
            .others(self.me)
            .filter(|p| p.status.is_in())
            .filter_map(|p| Some((p.device_id?, p.user.id)))
            .collect();
        let rings = |user: UserId| room.call.participant(user).is_some_and(|p| p.status.is_pending());
        let is_stranger = |(device, line): &(&DeviceId, &Line)| {
            !wanted.contains(&(**device, line.user)) && !rings(line.user)
        };
        let strangers: Vec<DeviceId> =
            self.lines.iter().filter(is_stranger).map(|(device, _)| *device).collect();
        for device in strangers {
            self.close(device);
        }
        for (device, user) in wanted {
            // Who does not offer waits to be called: the line opens with the first signal.
            if self.offers_to(user, device) && !self.lines.contains_key(&device) {
                self.open(now, device, user, ice.clone());
            }
        }
        self.send_to_present();
        self.note_up(now);
    }

    /// Puts own tracks on every line of the room, and on none to a device that only rings.
    pub(super) fn send_to_present(&mut self) {
        let State::Room(room) = &self.state else { return };
        let devices: Vec<DeviceId> =
            present(room, self.me).chain(room.promised).filter(|d| self.lines.contains_key(d)).collect();
        for device in devices {
            self.send_tracks(device, true);
        }
    }

    pub(super) fn data(&mut self, now: Instant, device: DeviceId, message: &DataMessage) {
        let Some(user) = self.lines.get(&device).map(|line| line.user) else { return };
        let Some(current) = self.call().map(|call| call.id) else { return };
        match *message {
            DataMessage::Accept { call_id } if call_id == current => self.promise(now, device),
            DataMessage::Bye { call_id } if call_id == current => self.goodbye(now, device),
            DataMessage::Media { call_id, media } if call_id == current => {
                if let Some(call) = self.call_mut(call_id)
                    && let Some(seat) = call.participants.iter_mut().find(|p| p.user.id == user)
                {
                    seat.media = media;
                }
            }
            DataMessage::Shown { call_id, camera, screen } if call_id == current => {
                if let Some(line) = self.lines.get_mut(&device) {
                    line.shown = (camera, screen);
                }
            }
            _ => {}
        }
    }

    /// The devices that own tracks are sent to, and how they show the own camera and screen.
    pub fn audience(&self) -> Vec<(DeviceId, Shown, Shown)> {
        let sends = self.lines.iter().filter(|(_, line)| line.sending);
        sends.map(|(device, line)| (*device, line.shown.0, line.shown.1)).collect()
    }

    /// A device that this one called says that its person has answered. The server's word may name
    /// another one later; until then this one is served, and no other.
    fn promise(&mut self, now: Instant, device: DeviceId) {
        let State::Outgoing(_) = &self.state else { return };
        self.enter_room(now);
        if let State::Room(room) = &mut self.state {
            room.promised = Some(device);
            self.send_tracks(device, true);
            self.note_up(now);
        }
    }

    fn goodbye(&mut self, now: Instant, device: DeviceId) {
        match &self.state {
            State::Incoming(ring) if ring.call.status.is_unanswered() => self.finish(now, Outcome::Canceled),
            State::Room(room) if room.call.mode == CallMode::Direct => {
                let with_it = room.promised.is_none_or(|promised| promised == device);
                if with_it {
                    self.finish(now, Outcome::Ended);
                }
            }
            _ => {}
        }
    }

    pub(super) fn leave(&mut self, now: Instant) {
        if let State::Starting(starting) = &mut self.state {
            starting.abandoned = true;
            self.release_devices();
            return;
        }
        let Some(call_id) = self.say_bye() else { return };
        self.say_leave(call_id);
        if matches!(self.state, State::Room(_)) {
            self.finish(now, Outcome::Ended);
        } else {
            self.hang_up();
            self.state = State::Idle;
            self.ring_at_last();
        }
    }

    /// To those at the other ends, who hear it before the server does.
    pub(super) fn say_bye(&mut self) -> Option<CallId> {
        let (call_id, _) = self.holds()?;
        for device in self.lines.keys() {
            self.outputs.push_back(Output::Data(*device, DataMessage::Bye { call_id }));
        }
        Some(call_id)
    }

    pub(super) fn say_leave(&mut self, call_id: CallId) {
        if let Some(device_id) = self.device {
            self.outputs.push_back(Output::Api(ApiCommand::Leave { call_id, device_id }));
        }
    }

    /// The timer of a room counts from the first moment at which its media could flow.
    pub(super) fn note_up(&mut self, now: Instant) {
        let up = self.is_media_up();
        if let State::Room(room) = &mut self.state
            && up
            && room.since.is_none()
        {
            room.since = Some(now);
        }
    }

    /// The path to everybody who is in the room is up.
    pub(super) fn is_media_up(&self) -> bool {
        let State::Room(room) = &self.state else { return false };
        let up = |device: &DeviceId| self.lines.get(device).is_some_and(|line| line.peer.is_up());
        if room.call.status.is_unanswered() {
            // Ahead of the server's word: the callee's line to the caller, or the one that was promised.
            return match room.promised {
                Some(device) => up(&device),
                None => self.lines.keys().any(up),
            };
        }
        // In a mesh one bad path does not put anybody out of the call.
        present(room, self.me).any(|device| up(&device))
    }

    /// Says again how the media path is whenever the server does not know it.
    pub(super) fn sync_media_state(&mut self) {
        let up = self.is_media_up();
        let State::Room(room) = &mut self.state else { return };
        if room.call.status.is_unanswered() || !self.online || present(room, self.me).next().is_none() {
            return;
        }
        let Some(seat) = room.call.participant(self.me) else { return };
        let state = match (seat.status, up) {
            (ParticipantStatus::Connecting | ParticipantStatus::Reconnecting, true) => MediaState::Connected,
            (ParticipantStatus::Connected, false) => MediaState::Lost,
            _ => return,
        };
        let report = (room.call.version, state);
        if room.reported != Some(report) {
            room.reported = Some(report);
            let call_id = room.call.id;
            self.outputs.push_back(Output::Send(ClientMessage::MediaState { call_id, state }));
        }
    }
}

/// The devices of the others who are in the room.
pub(super) fn present(room: &InRoom, me: UserId) -> impl Iterator<Item = DeviceId> {
    room.call.others(me).filter(|p| p.status.is_in()).filter_map(|p| p.device_id)
}
