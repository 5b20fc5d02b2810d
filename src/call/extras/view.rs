//! What the room shows beside the call itself. Written by the drivers of `call/` alone, read by components.

use parley_core::quality::{CallReport, Indicator, Reading, Score};
use parley_protocol::{CallId, DeviceId, data::Reaction};
use reactive_stores::Store;

#[derive(Debug, Clone, PartialEq, Default, Store)]
pub struct RoomExtrasView {
    /// Silent while the connection is good.
    pub indicator: Option<Indicator>,
    /// One for each of the others that a connection stands to.
    pub links: Vec<LinkQuality>,
    /// The others send no picture of themselves here, because this person wants it so.
    pub refuses_cameras: bool,
    /// The own screen.
    pub sharing: Sharing,
    /// The key to talk is held.
    pub held: bool,
    pub reactions: Vec<Reacted>,
    /// How loud each of the others is heard, in percent, where it is not all.
    pub volumes: Vec<(DeviceId, u8)>,
    /// Of the last call, when it is over.
    pub after: Option<After>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sharing {
    #[default]
    Off,
    /// The browser asks what to show.
    Choosing,
    On {
        /// Without its sound, which would come back as an echo.
        silenced: bool,
    },
    Failed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reacted {
    pub number: u32,
    /// Nobody, for the own one.
    pub from: Option<DeviceId>,
    pub reaction: Reaction,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkQuality {
    pub device: DeviceId,
    /// With patience, as it is shown.
    pub score: Score,
    pub now: Reading,
    /// The last minutes, the oldest first.
    pub past: Vec<Point>,
}

/// One moment in the plots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub at_ms: u64,
    pub rtt_ms: Option<u32>,
    /// In thousandths, of the worse direction.
    pub loss: Option<u16>,
    pub jitter_ms: Option<u32>,
    pub down_kbps: u32,
    pub up_kbps: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    pub call_id: CallId,
    pub report: CallReport,
}
