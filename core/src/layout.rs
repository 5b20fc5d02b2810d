//! The layout of a room: the place of each tile, and the tiles that are seen at all.
//!
//! ```text
//!   one other, nothing shared ─────► one to one: they fill the room, the own picture is in a corner
//!   several, view "grid" ──────────► grid, in pages
//!   a pin, a spotlight, a share, ──► stage: one tile large, the others in a strip with pages
//!   or view "speaker"                (own pin over host's spotlight over share over speaker)
//! ```
//!
//! When a share or a pin ends, the layout before it returns. Tiles do not jump: a speaker who is on another
//! page changes places with the one of the visible page who has been quiet for longest, and the place of a
//! person who leaves a full page is filled from the last page. The size is that of the area for tiles, in CSS
//! pixels, without bars and panels.

mod arrange;
mod corner;
mod geometry;
mod seats;
mod staging;

pub use arrange::{Layout, Placed, Shape, TileSlot};
pub use corner::Corner;
pub use geometry::{Rect, Size};

use parley_protocol::{DeviceId, data::Shown};
use seats::Seats;
use staging::Staging;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Camera,
    Screen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TileId {
    pub device: DeviceId,
    pub source: Source,
}

impl TileId {
    pub const fn camera(device: DeviceId) -> Self {
        Self { device, source: Source::Camera }
    }

    pub const fn screen(device: DeviceId) -> Self {
        Self { device, source: Source::Screen }
    }
}

/// Another device in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    pub device: DeviceId,
    pub shares_screen: bool,
}

/// The person's choice of view for more than two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    #[default]
    Grid,
    Speaker,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// All other devices, in the order in which they joined.
    Others(Vec<Present>),
    Size(Size),
    View(View),
    /// The own pin, which concerns this person's view alone.
    Pin(Option<TileId>),
    /// The host's choice for everybody.
    Spotlight(Option<DeviceId>),
    /// A speaker who should be seen, from [`crate::speakers`].
    Promoted(DeviceId),
    Main(Option<DeviceId>),
    Page(usize),
    /// The point at which the middle of the small picture was dropped.
    Drop {
        x: u32,
        y: u32,
    },
}

#[derive(Debug, Clone)]
pub struct RoomLayout {
    own: DeviceId,
    seats: Seats,
    staging: Staging,
    view: View,
    corner: Corner,
    size: Size,
    grid_page: usize,
    strip_page: usize,
}

impl RoomLayout {
    pub fn new(own: DeviceId) -> Self {
        Self {
            own,
            seats: Seats::default(),
            staging: Staging::default(),
            view: View::default(),
            corner: Corner::default(),
            size: Size::default(),
            grid_page: 0,
            strip_page: 0,
        }
    }

    pub fn handle(&mut self, input: Input) {
        match input {
            Input::Others(others) => self.people(&others),
            Input::Size(size) => self.size = size,
            Input::View(view) => self.view = view,
            Input::Pin(tile) => self.staging.pin = tile,
            Input::Spotlight(device) => self.staging.spotlight = device,
            Input::Main(device) => {
                if let Some(device) = device.filter(|device| *device != self.own) {
                    self.staging.speaker = Some(device);
                }
            }
            Input::Promoted(device) => self.bring_into_sight(device),
            Input::Page(page) => self.turn_to(page),
            Input::Drop { x, y } => self.corner = Corner::nearest(x, y, self.size),
        }
        // A page that has vanished is forgotten, so that it is not shown again when it returns.
        let page = self.layout().page;
        self.turn_to(page);
    }

    /// Arranges the tiles for the present state.
    pub fn layout(&self) -> Layout {
        let cameras: Vec<DeviceId> = self.seats.in_order().chain([self.own]).collect();
        let staged = self.staging.tile(&self.seats, self.own);
        match (&cameras[..], staged) {
            ([other, own], None | Some(TileId { source: Source::Camera, .. }))
                if self.staging.shares.is_empty() =>
            {
                let large = staged.map_or(*other, |tile| tile.device);
                let small = if large == *other { *own } else { *other };
                arrange::one_to_one(self.size, large, small, self.corner)
            }
            ([_], None) => arrange::grid(self.size, &cameras, 0),
            (_, None) if self.view == View::Grid => arrange::grid(self.size, &cameras, self.grid_page),
            (_, staged) => {
                let Some(stage) = staged.or_else(|| self.staging.speaker_tile(&self.seats)) else {
                    return arrange::grid(self.size, &cameras, self.grid_page);
                };
                let screens = self.staging.shares.iter().rev().copied().map(TileId::screen);
                let all = screens.chain(cameras.into_iter().map(TileId::camera));
                let strip: Vec<TileId> = all.filter(|tile| *tile != stage).collect();
                arrange::stage(self.size, stage, &strip, self.strip_page)
            }
        }
    }

    /// Lists the sizes in which this device shows the others. They are told, because a hidden picture need
    /// not be sent. `pixel_ratio` is in percent.
    pub fn shown(&self, pixel_ratio: u32) -> Vec<(TileId, Shown)> {
        let layout = self.layout();
        let screens = self.staging.shares.iter().copied().map(TileId::screen);
        let tiles = self.seats.in_order().map(TileId::camera).chain(screens);
        tiles.map(|tile| (tile, layout.shown(tile, pixel_ratio))).collect()
    }

    fn people(&mut self, others: &[Present]) {
        let per_page = self.layout().per_page;
        self.seats
            .seat(others.iter().map(|other| other.device).filter(|device| *device != self.own), per_page);
        self.staging.people(others);
    }

    fn turn_to(&mut self, page: usize) {
        match self.layout().shape {
            Shape::Grid => self.grid_page = page,
            Shape::Stage => self.strip_page = page,
            Shape::OneToOne => {}
        }
    }

    fn bring_into_sight(&mut self, device: DeviceId) {
        let layout = self.layout();
        if device == self.own || layout.shape == Shape::OneToOne || layout.shows(TileId::camera(device)) {
            self.seats.heard(device);
            return;
        }
        let pinned = self.staging.pin;
        let visible = layout.tiles.iter().filter(|placed| placed.slot != TileSlot::Stage);
        let yields = visible
            .map(|placed| placed.tile)
            .filter(|tile| tile.source == Source::Camera && tile.device != self.own && Some(*tile) != pinned)
            .map(|tile| tile.device);
        self.seats.swap_with_quietest(device, yields);
        self.seats.heard(device);
    }
}

#[cfg(test)]
mod tests;
