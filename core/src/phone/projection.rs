//! From the machine to what the screen shows.

use super::{
    Capture, InRoom, Incoming, Link, Outgoing, Phone, Ring, Room, Screen, Stage, Starting, State, Tile,
};
use parley_protocol::call::CallStatus;

impl Phone {
    pub fn screen(&self) -> Screen {
        match &self.state {
            State::Idle | State::Starting(Starting { abandoned: true, .. }) => Screen::Idle,
            State::Starting(Starting { wish, .. }) => Screen::Outgoing(Outgoing {
                to: wish.with.clone(),
                call_type: wish.call_type,
                stage: Stage::Calling,
            }),
            State::Outgoing(Ring { call, with, .. }) => Screen::Outgoing(Outgoing {
                to: with.clone(),
                call_type: call.call_type,
                stage: if call.status == CallStatus::Initiated { Stage::Calling } else { Stage::Ringing },
            }),
            State::Incoming(Ring { call, with, .. }) => {
                Screen::Incoming(Incoming { call_id: call.id, from: with.clone(), call_type: call.call_type })
            }
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
        let link = match (self.is_media_up(), room.since) {
            (true, _) => Link::Connected,
            (false, None) => Link::Connecting,
            (false, Some(_)) => Link::Reconnecting,
        };
        Room {
            call_id: room.call.id,
            with: room.with.clone(),
            call_type: room.call.call_type,
            link,
            since: room.since,
            tiles: self.tiles(room),
        }
    }

    /// One for each device of the room that this one is connected to, or about to be.
    fn tiles(&self, room: &InRoom) -> Vec<Tile> {
        room.call
            .others(self.me)
            .filter_map(|p| {
                let promised = room
                    .promised
                    .filter(|device| self.lines.get(device).is_some_and(|line| line.user == p.user.id));
                let device_id = p.device_id.or(promised)?;
                Some(Tile { user: p.user.clone(), device_id, media: p.media })
            })
            .collect()
    }
}
