//! The connections to remote devices.
//!
//! A line is opened only to a device of a person in the call's roster: while it rings, by the caller to
//! devices that ring and by the callee to the caller's; in the room, to the devices that are in it.
//!
//! Of two devices it is always the same one that offers: who started the call, else the one with the smaller id.
//! A connection that no restart brings back is given up, and another of a higher generation takes its place. Who
//! sees it first begins: with an offer, or by asking for one. A signal of a lower generation is of no use to the
//! newer connection; one of a higher generation says that the other side has begun.

use super::{Output, Phone, State};
use crate::{
    peer::{self, Peer},
    time::Instant,
};
use parley_protocol::{
    CallId, ClientMessage, DeviceId, UserId,
    call::Participant,
    data::Shown,
    rest::IceConfig,
    signal::{Signal, SignalPayload},
};
use std::collections::BTreeMap;

#[derive(Debug)]
pub(super) struct Line {
    pub user: UserId,
    pub peer: Peer,
    pub generation: u32,
    /// Own tracks are on it.
    pub sending: bool,
    pub was_up: bool,
    /// How they show the own camera and screen.
    pub shown: (Shown, Shown),
}

/// The generations that this device has had with others in a call: a line that is opened again is a newer one.
#[derive(Debug, Default)]
pub(super) struct Spent {
    call: Option<CallId>,
    last: BTreeMap<DeviceId, u32>,
}

impl Spent {
    fn last(&self, call: CallId, device: DeviceId) -> u32 {
        let of_this_call = self.last.get(&device).filter(|_| self.call == Some(call));
        of_this_call.copied().unwrap_or(0)
    }

    fn note(&mut self, call: CallId, device: DeviceId, generation: u32) {
        if self.call.replace(call) != Some(call) {
            self.last.clear();
        }
        self.last.insert(device, generation);
    }
}

/// Who begins a connection.
#[derive(Clone, Copy)]
enum Beginning {
    /// This device: it makes the first offer, or asks for it.
    Here,
    /// The other one: its first signal is there, or will be.
    There,
}

impl Phone {
    /// Opens the first line to a device in this call, or another one after it was closed.
    pub(super) fn open(&mut self, now: Instant, device: DeviceId, user: UserId, ice: IceConfig) {
        let Some(call_id) = self.call().map(|call| call.id) else { return };
        let last = self.spent.last(call_id, device);
        // Whoever is called may have no reason to think of an older one: it need not ask.
        let waits = last == 0 && !self.offers_to(user, device);
        let beginning = if waits { Beginning::There } else { Beginning::Here };
        self.begin(now, device, user, ice, last.saturating_add(1), beginning);
    }

    fn begin(
        &mut self,
        now: Instant,
        device: DeviceId,
        user: UserId,
        ice: IceConfig,
        generation: u32,
        beginning: Beginning,
    ) {
        let Some(call_id) = self.call().map(|call| call.id) else { return };
        self.spent.note(call_id, device, generation);
        let peer = match (self.offers_to(user, device), beginning) {
            (true, _) => Peer::calling(now),
            (false, Beginning::Here) => Peer::asking(now),
            (false, Beginning::There) => Peer::called(),
        };
        self.outputs.push_back(Output::Open { device, ice });
        let shown = (Shown::Large, Shown::Large);
        self.lines.insert(device, Line { user, peer, generation, sending: false, was_up: false, shown });
        self.drain(now, device);
    }

    /// Another connection in the place of this one.
    fn replace(&mut self, now: Instant, device: DeviceId, generation: u32, beginning: Beginning) {
        let Some(ice) = self.ice().cloned() else { return };
        let Some(old) = self.lines.remove(&device) else { return };
        self.outputs.push_back(Output::Close(device));
        self.begin(now, device, old.user, ice, generation, beginning);
        if let Some(line) = self.lines.get_mut(&device) {
            line.was_up = old.was_up;
        }
        self.send_tracks(device, old.sending);
    }

    pub(super) fn close(&mut self, device: DeviceId) {
        if self.lines.remove(&device).is_some() {
            self.outputs.push_back(Output::Close(device));
        }
    }

    /// The others who are in the call, or may still come: they share what the own line carries.
    pub fn company(&self) -> usize {
        let there = |seat: &&Participant| seat.status.is_in() || seat.status.is_pending();
        self.call().map_or(0, |call| call.others(self.me).filter(there).count())
    }

    /// Whether it is this device that offers, of the two.
    pub(super) fn offers_to(&self, user: UserId, device: DeviceId) -> bool {
        let initiator = self.call().map(|call| call.initiator_id);
        Some(self.me) == initiator || (Some(user) != initiator && self.device < Some(device))
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
            self.drain(now, device);
            self.note_up(now);
        }
    }

    pub(super) fn tick_lines(&mut self, now: Instant) {
        self.each_line(now, |peer| peer.tick(now));
    }

    pub(super) fn resend_all(&mut self, now: Instant) {
        self.each_line(now, |peer| peer.handle(now, peer::Event::SocketUp));
    }

    fn each_line(&mut self, now: Instant, mut act: impl FnMut(&mut Peer)) {
        let devices: Vec<DeviceId> = self.lines.keys().copied().collect();
        for device in devices {
            if let Some(line) = self.lines.get_mut(&device) {
                act(&mut line.peer);
            }
            self.drain(now, device);
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
        let begins = matches!(signal.payload, Some(SignalPayload::Offer { .. } | SignalPayload::Renew {}));
        match self.lines.get(&device).map(|line| (line.user, line.generation)) {
            Some((user, _)) if user != from => return,
            Some((_, generation)) if signal.generation < generation => return,
            Some((_, generation)) if signal.generation == generation => {}
            Some(_) if begins => self.replace(now, device, signal.generation, Beginning::There),
            // What belongs to a connection of which the beginning is still on its way comes again.
            Some(_) => return,
            None => {
                let Some(ice) = self.may_be_called_by(from, device) else { return };
                if signal.generation <= self.spent.last(call_id, device) {
                    // They hold on to a connection that was closed here: they are told of the next one.
                    if signal.payload.is_some() {
                        self.open(now, device, from, ice);
                        self.send_to_present();
                    }
                    return;
                }
                if !begins {
                    return;
                }
                self.begin(now, device, from, ice, signal.generation, Beginning::There);
                self.send_to_present();
            }
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

    fn ice(&self) -> Option<&IceConfig> {
        match &self.state {
            State::Outgoing(ring) | State::Incoming(ring) => Some(&ring.ice),
            State::Room(room) => Some(&room.ice),
            State::Idle | State::Starting(_) | State::Over(_) => None,
        }
    }

    fn drain(&mut self, now: Instant, device: DeviceId) {
        let Some(call_id) = self.call().map(|call| call.id) else { return };
        let Some(line) = self.lines.get_mut(&device) else { return };
        let mut dead = false;
        while let Some(output) = line.peer.poll() {
            match output {
                peer::Output::Command(command) => self.outputs.push_back(Output::Peer(device, command)),
                peer::Output::Signal(mut signal) => {
                    signal.generation = line.generation;
                    let (to_user, to_device) = (line.user, device);
                    self.outputs.push_back(Output::Send(ClientMessage::Signal {
                        call_id,
                        to_user,
                        to_device,
                        signal,
                    }));
                }
                peer::Output::Up(up) => line.was_up |= up,
                peer::Output::Broken => {}
                peer::Output::Dead => dead = true,
            }
        }
        if dead {
            let next = line.generation.saturating_add(1);
            self.replace(now, device, next, Beginning::Here);
        }
    }
}
