//! The projection of the machine into its view.

use super::{
    Capture, InRoom, Limit, Link, Outgoing, Person, Phone, Ring, Room, Screen, Seat, Stage, Starting, State,
    room::present,
};
use parley_protocol::{
    DeviceId,
    call::{Call, CallLimit, CallMode, CallStatus, Participant},
};

impl Phone {
    /// Returns the screen that calls ask for.
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
        // To be alone in a group call is not a broken connection.
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
            limit: limit(&room.call),
            people: room.call.participants.iter().map(|seat| self.person(room, seat, link)).collect(),
        }
    }

    fn person(&self, room: &InRoom, of: &Participant, own_link: Link) -> Person {
        let is_me = of.user.id == self.me;
        let here = if is_me {
            self.device.map(|device_id| Seat::Here { device_id, link: own_link })
        } else {
            // A device that has promised its answer counts as in the room before the server's roster names
            // it.
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

fn limit(call: &Call) -> Option<Limit> {
    let CallLimit { plan, seconds } = call.limit?;
    Some(Limit { plan, seconds, ends_at: call.limit_at(), is_near: call.ends_at.is_some() })
}

fn link(up: bool, was_up: bool) -> Link {
    match (up, was_up) {
        (true, _) => Link::Connected,
        (false, false) => Link::Connecting,
        (false, true) => Link::Reconnecting,
    }
}
