//! The choice of the tile on the stage: the own pin, else the host's spotlight, else the latest share, else
//! the speaker.

use super::{Present, Source, TileId, seats::Seats};
use parley_protocol::DeviceId;

#[derive(Debug, Clone, Default)]
pub struct Staging {
    pub pin: Option<TileId>,
    pub spotlight: Option<DeviceId>,
    /// The devices that share a screen, in the order in which they began.
    pub shares: Vec<DeviceId>,
    /// The last main speaker. Silence sends nobody off the stage.
    pub speaker: Option<DeviceId>,
}

impl Staging {
    /// Returns the tile that has the stage in any view. The own screen never has it, because it would show
    /// itself in itself.
    pub fn tile(&self, seats: &Seats, own: DeviceId) -> Option<TileId> {
        let exists = |tile: &TileId| match tile.source {
            Source::Camera => tile.device == own || seats.has(tile.device),
            Source::Screen => self.shares.contains(&tile.device),
        };
        let spotlight = self.spotlight.map(TileId::camera).filter(exists);
        let share = || self.shares.last().copied().map(TileId::screen);
        self.pin.filter(exists).or(spotlight).or_else(share)
    }

    pub fn speaker_tile(&self, seats: &Seats) -> Option<TileId> {
        let speaker = self.speaker.filter(|device| seats.has(*device));
        speaker.or_else(|| seats.in_order().next()).map(TileId::camera)
    }

    pub fn people(&mut self, others: &[Present]) {
        let shares =
            |device: DeviceId| others.iter().any(|other| other.device == device && other.shares_screen);
        self.shares.retain(|device| shares(*device));
        for other in others {
            if other.shares_screen && !self.shares.contains(&other.device) {
                self.shares.push(other.device);
            }
        }
        let gone = |tile: &TileId| tile.source == Source::Screen && !shares(tile.device);
        // A share that begins anew is another one, and is not pinned.
        if self.pin.as_ref().is_some_and(gone) {
            self.pin = None;
        }
    }
}
