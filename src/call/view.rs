//! The projection of the call machine that components read. Only the driver writes it.

use parley_core::{
    layout::{Layout, TileId, View},
    phone::{Capture, Screen},
};
use parley_protocol::DeviceId;
use reactive_stores::Store;

pub use crate::browser::choices::{Device, DeviceKind};
pub use parley_core::phone::{
    Incoming, Limit, Link, MediaFault, Outcome, Outgoing, Over, Person, Room, Seat, Stage, Tile,
};

/// The state of this tab's calls as components show it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Store)]
pub struct CallView {
    pub screen: Screen,
    /// The call is answered and connecting: `screen` is still the one before the room.
    pub connects: bool,
    /// The incoming call that rings beside the current one.
    pub waiting: Option<Incoming>,
    pub mic: Capture,
    pub camera: Capture,
    /// The signaling socket is up.
    pub online: bool,
    pub stage: StageView,
}

/// The places of the room's tiles, and the devices whose people speak.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StageView {
    /// The layout; none outside of a room.
    pub layout: Option<Layout>,
    pub view: View,
    pub pinned: Option<TileId>,
    pub ringed: Vec<DeviceId>,
}
