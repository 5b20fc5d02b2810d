//! The projection of the room's extras that components read. Only `call/extras` writes it.

use parley_core::quality::{CallReport, Indicator, Reading, Score};
use parley_protocol::{CallId, DeviceId, data::Reaction};
use reactive_stores::Store;

/// The state of the extras as components show it.
#[derive(Debug, Clone, PartialEq, Default, Store)]
pub struct RoomExtrasView {
    /// The trouble with the connections to show; none while they are good.
    pub indicator: Option<Indicator>,
    /// The quality of each connection that has been up.
    pub links: Vec<LinkQuality>,
    /// This person wants to receive no cameras.
    pub refuses_cameras: bool,
    /// This person's screen share.
    pub sharing: Sharing,
    /// The push-to-talk key is held.
    pub held: bool,
    pub reactions: Vec<Reacted>,
    /// The volumes that were set for others, in percent.
    pub volumes: Vec<(DeviceId, u8)>,
    /// The report of the last call, when that is over.
    pub after: Option<After>,
}

/// The state of this person's screen share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sharing {
    #[default]
    Off,
    /// The browser asks the person to choose.
    Choosing,
    On {
        /// The sound is left out, because it would come back as an echo.
        silenced: bool,
    },
    Failed,
}

/// A reaction on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reacted {
    pub number: u32,
    /// The sender; none for this person.
    pub from: Option<DeviceId>,
    pub reaction: Reaction,
}

/// The quality of the connection to one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkQuality {
    pub device: DeviceId,
    /// The score to show, which changes later than the measured one.
    pub score: Score,
    pub now: Reading,
    /// The measurements of the last minutes, the oldest first.
    pub past: Vec<Point>,
}

/// One moment in the plots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub at_ms: u64,
    pub rtt_ms: Option<u32>,
    /// The packet loss of the worse direction, in thousandths.
    pub loss: Option<u16>,
    pub jitter_ms: Option<u32>,
    pub down_kbps: u32,
    pub up_kbps: u32,
}

/// A call that is over, with its report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    pub call_id: CallId,
    pub report: CallReport,
}
