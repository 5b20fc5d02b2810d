//! From the machine to what the screen shows.

use super::{
    Capture, InRoom, Link, Outgoing, Person, Phone, Ring, Room, Screen, Seat, Stage, Starting, State,
    room::present,
};
use parley_protocol::{
    DeviceId,
    call::{CallMode, CallStatus, Participant},
};

impl Phone {
    pub fn screen(&self) -> Screen {
        match &self.state {
            State::Idle | State::Starting(Starting { abandoned: true, .. }) => Screen::Idle,
            State::Starting(Starting { wish, joins, .. }) => Screen::Outgoing(Outgoing {
                to: wish.with.clone(),
                call_type: wish.call_type,
                stage: if joins.is_some() { Stage::Joining } else { Stage::Calling },
            }),
            State::Outgoing(Ring { call, with, .. }) => Screen::Outgoing(Outgoing {
                to: with.clone(),
                call_type: call.call_type,
                stage: if call.status == CallStatus::Initiated { Stage::Calling } else { Stage::Ringing },
            }),
            State::Incoming(ring) => Screen::Incoming(ring.shown()),
            State::Room(room) => Screen::Room(self.room(room)),
            State::Over(over) => Screen::Over(over.clone()),
        }
    }

    pub fn mic(&self) -> Capture {
        self.own.mic
    }

    pub fn camera(&self) -> Capture {
        self.own.camera
    }

    pub fn is_online(&self) -> bool {
        self.online
    }

    fn room(&self, room: &InRoom) -> Room {
        let alone = room.call.mode == CallMode::Group && present(room, self.me).next().is_none();
        let link = link(alone || self.is_media_up(), room.since.is_some());
        Room {
            call_id: room.call.id,
            conversation_id: room.call.conversation_id,
            mode: room.call.mode,
            with: room.with.clone(),
            call_type: room.call.call_type,
            link,
            since: room.since,
            own_device: self.device,
            people: room.call.participants.iter().map(|seat| self.person(room, seat, link)).collect(),
        }
    }

    fn person(&self, room: &InRoom, of: &Participant, own_link: Link) -> Person {
        let is_me = of.user.id == self.me;
        let here = if is_me {
            self.device.map(|device_id| Seat::Here { device_id, link: own_link })
        } else {
            let of_theirs =
                |device: &DeviceId| self.lines.get(device).is_some_and(|line| line.user == of.user.id);
            let device = of.device_id.filter(|_| of.status.is_in());
            device.or(room.promised.filter(of_theirs)).map(|device_id| {
                let known = self.lines.get(&device_id);
                let state = known.map_or(Link::Connecting, |line| link(line.peer.is_up(), line.was_up));
                Seat::Here { device_id, link: state }
            })
        };
        let elsewhere = if of.status.is_pending() { Seat::Asked } else { Seat::Away(of.status) };
        Person {
            user: of.user.clone(),
            is_me,
            role: of.role,
            seat: here.unwrap_or(elsewhere),
            media: if is_me { self.own.media() } else { of.media },
        }
    }
}

fn link(up: bool, was_up: bool) -> Link {
    match (up, was_up) {
        (true, _) => Link::Connected,
        (false, false) => Link::Connecting,
        (false, true) => Link::Reconnecting,
    }
}
