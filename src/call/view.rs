//! The projection of the call machine that components read. Written by the driver alone.

use parley_core::phone::{Capture, Screen};
use reactive_stores::Store;

pub use crate::browser::choices::{Device, DeviceKind};
pub use parley_core::phone::{Incoming, Link, MediaFault, Outcome, Outgoing, Over, Room, Stage, Tile};

#[derive(Debug, Clone, PartialEq, Eq, Default, Store)]
pub struct CallView {
    pub screen: Screen,
    pub mic: Capture,
    pub camera: Capture,
    /// The signaling socket is up.
    pub online: bool,
}
