//! The connections to remote devices.
//!
//! A line is opened only to a device of a person in the call's roster: while it rings, by the caller to
//! devices that ring and by the callee to the caller's; in the room, to the devices that are in it.

use super::{Output, Phone, State};
use crate::{
    peer::{self, Peer},
    time::Instant,
};
use parley_protocol::{CallId, ClientMessage, DeviceId, UserId, rest::IceConfig, signal::Signal};

#[derive(Debug)]
pub(super) struct Line {
    pub user: UserId,
    pub peer: Peer,
    /// Own tracks are on it.
    pub sending: bool,
}

impl Phone {
    pub(super) fn open(&mut self, device: DeviceId, user: UserId, ice: IceConfig, peer: Peer) {
        self.outputs.push_back(Output::Open { device, ice });
        self.lines.insert(device, Line { user, peer, sending: false });
        self.drain(device);
    }

    pub(super) fn close(&mut self, device: DeviceId) {
        if self.lines.remove(&device).is_some() {
            self.outputs.push_back(Output::Close(device));
        }
    }

    /// Puts own tracks on a line. Called from the room alone.
    pub(super) fn send_tracks(&mut self, device: DeviceId, send: bool) {
        if let Some(line) = self.lines.get_mut(&device)
            && line.sending != send
        {
            line.sending = send;
            self.outputs.push_back(Output::SendTracks { device, send });
        }
    }

    /// Own tracks have changed: lines that send take the new ones.
    pub(super) fn refresh_sending(&mut self) {
        for (device, line) in &self.lines {
            if line.sending {
                self.outputs.push_back(Output::SendTracks { device: *device, send: true });
            }
        }
    }

    pub(super) fn line_event(&mut self, now: Instant, device: DeviceId, event: peer::Event) {
        if let Some(line) = self.lines.get_mut(&device) {
            line.peer.handle(now, event);
            self.drain(device);
            self.note_up(now);
        }
    }

    pub(super) fn tick_lines(&mut self, now: Instant) {
        self.each_line(|peer| peer.tick(now));
    }

    pub(super) fn resend_all(&mut self, now: Instant) {
        self.each_line(|peer| peer.handle(now, peer::Event::SocketUp));
    }

    fn each_line(&mut self, mut act: impl FnMut(&mut Peer)) {
        let devices: Vec<DeviceId> = self.lines.keys().copied().collect();
        for device in devices {
            if let Some(line) = self.lines.get_mut(&device) {
                act(&mut line.peer);
            }
            self.drain(device);
        }
    }

    pub(super) fn signal(
        &mut self,
        now: Instant,
        call_id: CallId,
        from: UserId,
        device: DeviceId,
        signal: Signal,
    ) {
        if self.call().is_none_or(|call| call.id != call_id) {
            return;
        }
        if self.lines.get(&device).is_some_and(|line| line.user != from) {
            return;
        }
        if !self.lines.contains_key(&device) {
            let Some(ice) = self.may_be_called_by(from, device) else { return };
            self.open(device, from, ice, Peer::called());
            self.send_to_all();
        }
        self.line_event(now, device, peer::Event::Signal(signal));
    }

    /// Whether that device may open a connection to this one now: it must sit in the call.
    fn may_be_called_by(&self, user: UserId, device: DeviceId) -> Option<IceConfig> {
        let (call, ice) = match &self.state {
            State::Incoming(ring) if ring.ice.preconnect => (&ring.call, &ring.ice),
            State::Room(room) => (&room.call, &room.ice),
            _ => return None,
        };
        let sits = call.participant(user).is_some_and(|p| p.status.is_in() && p.device_id == Some(device));
        (sits && user != self.me).then(|| ice.clone())
    }

    fn drain(&mut self, device: DeviceId) {
        let Some(call_id) = self.call().map(|call| call.id) else { return };
        let Some(line) = self.lines.get_mut(&device) else { return };
        while let Some(output) = line.peer.poll() {
            self.outputs.push_back(match output {
                peer::Output::Command(command) => Output::Peer(device, command),
                peer::Output::Signal(signal) => Output::Send(ClientMessage::Signal {
                    call_id,
                    to_user: line.user,
                    to_device: device,
                    signal,
                }),
                peer::Output::Up(_) | peer::Output::Broken => continue,
            });
        }
    }
}
