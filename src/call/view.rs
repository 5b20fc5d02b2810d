//! The projection of the call machine that components read. Written by the driver alone.

use parley_core::{
    layout::{Layout, TileId, View},
    phone::{Capture, Screen},
};
use parley_protocol::DeviceId;
use reactive_stores::Store;

pub use crate::browser::choices::{Device, DeviceKind};
pub use parley_core::phone::{
    Incoming, Link, MediaFault, Outcome, Outgoing, Over, Person, Room, Seat, Stage, Tile,
};

#[derive(Debug, Clone, PartialEq, Eq, Default, Store)]
pub struct CallView {
    pub screen: Screen,
    /// It is answered: what is shown still is the screen before the room, which comes with the first connection.
    pub connects: bool,
    /// Rings beside the call that this device is in.
    pub waiting: Option<Incoming>,
    pub mic: Capture,
    pub camera: Capture,
    /// The signaling socket is up.
    pub online: bool,
    pub stage: StageView,
}

/// Where the tiles of the room stand, and who is heard.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StageView {
    /// Only in a room.
    pub layout: Option<Layout>,
    pub view: View,
    pub pinned: Option<TileId>,
    pub ringed: Vec<DeviceId>,
}
