//! The lines of a call: its connections to remote devices.
//!
//! A line is opened only to a device of a person in the call's roster. While a call rings, the caller opens
//! lines to the devices that ring, and the callee one to the caller's. In the room, there is a line to each
//! device in it.
//!
//! The same one of two devices always offers: the one that started the call, else the one with the smaller
//! id. A connection that an ICE restart does not bring back is given up, and a new one of a higher generation
//! takes its place. The side that notices first begins: it offers, or asks for an offer. A signal of a lower
//! generation belongs to a connection that is gone, and is dropped. A signal of a higher generation says that
//! the other side has begun a new connection.

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
/// The connection to one remote device.
pub(super) struct Line {
    pub user: UserId,
    pub peer: Peer,
    pub generation: u32,
    /// Whether own tracks are on it.
    pub sending: bool,
    /// Whether this connection, or one that it replaces, has ever been up.
    pub was_up: bool,
    /// The sizes in which the other side shows the own camera and screen.
    pub shown: (Shown, Shown),
}

/// The last generation with each device in a call, including lines that are closed. A line that is opened
/// again must have a higher one.
#[derive(Debug, Default)]
pub(super) struct Generations {
    call: Option<CallId>,
    last: BTreeMap<DeviceId, u32>,
}

impl Generations {
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

/// The side that begins a connection.
#[derive(Clone, Copy)]
enum Beginning {
    /// This device, which makes the first offer or asks for it.
    Here,
    /// The other device, whose first signal has arrived or will.
    There,
}

impl Phone {
    /// Opens the first line to a device in this call, or a new one after it was closed.
    pub(super) fn open(&mut self, now: Instant, device: DeviceId, user: UserId, ice: IceConfig) {
        let Some(call_id) = self.call().map(|call| call.id) else { return };
        let last = self.generations.last(call_id, device);
        // The side that does not offer can wait on the first connection, because the other side opens its
        // line for the same reason. After a closed one the other side may not know that it is gone, so it is
        // asked.
        let waits = last == 0 && !self.offers_to(user, device);
        let beginning = if waits { Beginning::There } else { Beginning::Here };
        self.begin(now, device, user, ice, last.saturating_add(1), beginning);
    }

    /// Creates the negotiation of a connection, and has the browser open it.
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
        self.generations.note(call_id, device, generation);
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

    /// Replaces a connection with one of the given generation, which carries the same tracks.
    fn replace(&mut self, now: Instant, device: DeviceId, generation: u32, beginning: Beginning) {
        let Some(ice) = self.ice().cloned() else { return };
        let Some(old) = self.lines.remove(&device) else { return };
        self.outputs.push_back(Output::Close(device));
        self.begin(now, device, old.user, ice, generation, beginning);
        if let Some(line) = self.lines.get_mut(&device) {
            // The person sees a reconnection, not a new participant.
            line.was_up = old.was_up;
        }
        self.send_tracks(device, old.sending);
    }

    pub(super) fn close(&mut self, device: DeviceId) {
        if self.lines.remove(&device).is_some() {
            self.outputs.push_back(Output::Close(device));
        }
    }

    /// Counts the others who are in the call or may still come. They share the own upload.
    pub fn company(&self) -> usize {
        let there = |seat: &&Participant| seat.status.is_in() || seat.status.is_pending();
        self.call().map_or(0, |call| call.others(self.me).filter(there).count())
    }

    /// Checks whether this device is the one of the two that offers. Both sides come to the same result.
    pub(super) fn offers_to(&self, user: UserId, device: DeviceId) -> bool {
        let initiator = self.call().map(|call| call.initiator_id);
        Some(self.me) == initiator || (Some(user) != initiator && self.device < Some(device))
    }

    /// Puts own tracks on a line, or takes them off. Media leaves through here, so only the room may ask for
    /// it.
    pub(super) fn send_tracks(&mut self, device: DeviceId, send: bool) {
        if let Some(line) = self.lines.get_mut(&device)
            && line.sending != send
        {
            line.sending = send;
            self.outputs.push_back(Output::SendTracks { device, send });
        }
    }

    /// Hands changed own tracks to every line that sends.
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

    /// Handles a signal of a remote device, which may also begin or replace a connection.
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
            // The beginning of this newer connection is still on its way. The signal is repeated until it is
            // acknowledged, so nothing is lost.
            Some(_) => return,
            None => {
                let Some(ice) = self.may_be_called_by(from, device) else { return };
                if signal.generation <= self.generations.last(call_id, device) {
                    // The other side holds on to a connection that was closed here. A line of a higher
                    // generation tells it so. A mere acknowledgement is no reason for that.
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

    /// Returns the ICE configuration if that device may open a connection to this one. It must be in the
    /// call.
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

    /// Passes on the outputs of one negotiation, and replaces its connection if it is dead.
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
                // `Dead` follows after a while. Until then the other side may replace the connection.
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
