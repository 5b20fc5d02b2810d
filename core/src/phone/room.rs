//! The phase in the room: connecting to the devices that are in it, sending to them, leaving.

use super::{ApiCommand, InRoom, Outcome, Output, Phone, Ring, State, lines::Line};
use crate::time::Instant;
use parley_protocol::{
    CallId, ClientMessage, DeviceId, UserId,
    call::{CallMode, MediaState, ParticipantStatus},
    data::{DataMessage, Shown},
};

impl Phone {
    /// Enters the room of a call that this device started or joined, and that has been answered.
    pub(super) fn enter_room(&mut self, now: Instant) {
        if matches!(self.state, State::Outgoing(_)) {
            self.go_in();
            self.connect_room(now);
        }
    }

    /// Moves from ringing, on either side, into the room.
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

    /// Opens lines to the devices in the room, and closes lines to strangers. Devices that ring keep their
    /// lines until their people have answered.
    pub(super) fn connect_room(&mut self, now: Instant) {
        let State::Room(room) = &self.state else { return };
        if room.call.status.is_unanswered() {
            // This device may be in the room ahead of the server. Then the roster does not name the devices
            // that are in the room, and every line would look like one to a stranger.
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
            // The side that does not offer opens its line when the first signal arrives.
            if self.offers_to(user, device) && !self.lines.contains_key(&device) {
                self.open(now, device, user, ice.clone());
            }
        }
        self.send_to_present();
        self.note_up(now);
    }

    /// Puts own tracks on the lines to devices in the room, and on none to a device that only rings.
    pub(super) fn send_to_present(&mut self) {
        let State::Room(room) = &self.state else { return };
        let devices: Vec<DeviceId> =
            present(room, self.me).chain(room.promised).filter(|d| self.lines.contains_key(d)).collect();
        for device in devices {
            self.send_tracks(device, true);
        }
    }

    /// Handles a message that a remote device sent over its data channel. Its claims about media change its
    /// own seat and line only. A late message about an earlier call is recognized by the id.
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

    /// Lists the devices that own tracks are sent to, with the sizes in which they show the own camera and
    /// screen.
    pub fn audience(&self) -> Vec<(DeviceId, Shown, Shown)> {
        let sends = self.lines.iter().filter(|(_, line)| line.sending);
        sends.map(|(device, line)| (*device, line.shown.0, line.shown.1)).collect()
    }

    /// Enters the room because a called device says that its person has answered. The server may name another
    /// device as the winner later; until then only this one is sent tracks.
    fn promise(&mut self, now: Instant, device: DeviceId) {
        let State::Outgoing(_) = &self.state else { return };
        self.enter_room(now);
        if let State::Room(room) = &mut self.state {
            room.promised = Some(device);
            self.send_tracks(device, true);
            self.note_up(now);
        }
    }

    /// Handles a remote device's announcement that it leaves, which comes before the server's.
    fn goodbye(&mut self, now: Instant, device: DeviceId) {
        match &self.state {
            State::Incoming(ring) if ring.call.status.is_unanswered() => self.finish(now, Outcome::Canceled),
            State::Room(room) if room.call.mode == CallMode::Direct => {
                // Another device of the callee may have answered too late, and leave before it knows. Only
                // the one that promised its answer first ends the call.
                let with_it = room.promised.is_none_or(|promised| promised == device);
                if with_it {
                    self.finish(now, Outcome::Ended);
                }
            }
            _ => {}
        }
    }

    /// Leaves the call: cancels it while it rings, hangs up in the room.
    pub(super) fn leave(&mut self, now: Instant) {
        if let State::Starting(starting) = &mut self.state {
            // The id of the call is not known yet. `started` leaves it when the answer is there.
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
            self.ring_waiting();
        }
    }

    /// Announces the end over the data channels, which are faster than the server. Returns the call that this
    /// device holds.
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

    /// Notes the first moment at which media could flow. The room's timer counts from it.
    pub(super) fn note_up(&mut self, now: Instant) {
        let up = self.is_media_up();
        if let State::Room(room) = &mut self.state
            && up
            && room.since.is_none()
        {
            room.since = Some(now);
        }
    }

    /// Checks whether the path to somebody in the room is up.
    pub(super) fn is_media_up(&self) -> bool {
        let State::Room(room) = &self.state else { return false };
        let up = |device: &DeviceId| self.lines.get(device).is_some_and(|line| line.peer.is_up());
        if room.call.status.is_unanswered() {
            // The server has not confirmed the answer yet, so the roster names nobody. A caller counts the
            // line to the device that promised its answer, a callee any line to the caller.
            return match room.promised {
                Some(device) => up(&device),
                None => self.lines.keys().any(up),
            };
        }
        // In a mesh one bad path does not put anybody out of the call, so one good path is enough.
        present(room, self.me).any(|device| up(&device))
    }

    /// Reports the state of the media path whenever the server's record says otherwise. The record decides,
    /// and not the last change, so that a lost report is repeated with the next version or socket. `reported`
    /// keeps it from being repeated with every input.
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

/// Lists the devices of the others who are in the room.
pub(super) fn present(room: &InRoom, me: UserId) -> impl Iterator<Item = DeviceId> {
    room.call.others(me).filter(|p| p.status.is_in()).filter_map(|p| p.device_id)
}
