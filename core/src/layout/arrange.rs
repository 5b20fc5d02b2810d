//! The three shapes of a room: one to one, grid, stage with strip.

use super::{
    Corner, Source, TileId,
    geometry::{Rect, Size, fit, grid as rects},
};
use parley_protocol::{DeviceId, data::Shown};

/// The most tiles on a page.
const GRID_MAX: u32 = 16;
/// The width below which tiles move to another page.
const GRID_MIN_WIDTH: u32 = 220;
const COMPACT_MAX: u32 = 8;
const COMPACT_MIN_WIDTH: u32 = 130;

/// The greatest height, in device pixels, for which a small picture is enough.
const SMALL_UP_TO: u32 = 200;
/// The greatest height, in device pixels, for which a medium picture is enough.
const MEDIUM_UP_TO: u32 = 400;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    OneToOne,
    Grid,
    Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileSlot {
    Grid,
    Stage,
    Strip,
    /// A corner of the large picture, which the tile covers.
    Corner,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    pub tile: TileId,
    pub slot: TileSlot,
    pub rect: Rect,
}

/// The tiles that are seen, in reading order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    pub shape: Shape,
    pub tiles: Vec<Placed>,
    pub page: usize,
    pub pages: usize,
    pub per_page: usize,
}

impl Layout {
    pub fn shows(&self, tile: TileId) -> bool {
        self.tiles.iter().any(|placed| placed.tile == tile)
    }

    /// Returns the size in which a tile is seen; `pixel_ratio` is in percent.
    pub fn shown(&self, tile: TileId, pixel_ratio: u32) -> Shown {
        let Some(placed) = self.tiles.iter().find(|placed| placed.tile == tile) else { return Shown::Hidden };
        let pixels = placed.rect.height.saturating_mul(pixel_ratio) / 100;
        // Text must be readable, so a screen on the stage is worth more than a face of the same size.
        if pixels > MEDIUM_UP_TO || (tile.source == Source::Screen && placed.slot == TileSlot::Stage) {
            Shown::Large
        } else if pixels > SMALL_UP_TO {
            Shown::Medium
        } else {
            Shown::Small
        }
    }
}

pub fn one_to_one(size: Size, large: DeviceId, small: DeviceId, corner: Corner) -> Layout {
    let size = size.bounded();
    let placed = |device, slot, rect| Placed { tile: TileId::camera(device), slot, rect };
    let tiles =
        vec![placed(large, TileSlot::Stage, size.rect()), placed(small, TileSlot::Corner, corner.rect(size))];
    Layout { shape: Shape::OneToOne, tiles, page: 0, pages: 1, per_page: 2 }
}

pub fn grid(size: Size, cameras: &[DeviceId], page: usize) -> Layout {
    let size = size.bounded();
    let per_page = grid_capacity(size);
    let (page, pages, range) = paged(cameras.len(), per_page, page);
    let on_page = &cameras[range];
    let tiles = on_page
        .iter()
        .zip(rects(small(on_page.len()), size))
        .map(|(device, rect)| Placed { tile: TileId::camera(*device), slot: TileSlot::Grid, rect })
        .collect();
    Layout { shape: Shape::Grid, tiles, page, pages, per_page }
}

/// Arranges the stage with its strip, which is beside it in a wide room and below it in a narrow one.
pub fn stage(size: Size, stage: TileId, strip: &[TileId], page: usize) -> Layout {
    let size = size.bounded();
    let gap = size.gap();
    let beside = size.width > size.height && !size.is_compact();
    let tile = if beside {
        let width = (size.width / 5).clamp(120, 240).min(size.width / 3);
        Size { width, height: width * 9 / 16 }
    } else {
        let height = (size.height / 6).clamp(64, 140).min(size.height / 3).min(size.width * 9 / 16);
        // A phone shows three tiles of the strip at once.
        let most = if size.is_compact() { size.width.saturating_sub(2 * gap) / 3 } else { size.width };
        Size { width: (height * 16 / 9).min(most), height }
    };
    let (along, of) = if beside { (size.height, tile.height) } else { (size.width, tile.width) };
    let per_page = ((along + gap) / (of + gap).max(1)).max(1) as usize;
    let (page, pages, range) = paged(strip.len(), per_page, page);
    let on_page = &strip[range];
    let taken = if strip.is_empty() { 0 } else { gap + if beside { tile.width } else { tile.height } };
    let rest = if beside {
        Rect { width: size.width - taken, ..size.rect() }
    } else {
        Rect { height: size.height - taken, ..size.rect() }
    };
    let extent = (of + gap) * small(on_page.len());
    let begin = (along + gap).saturating_sub(extent) / 2;
    let place = |at: usize| {
        let offset = begin + (of + gap) * small(at);
        let (x, y) = if beside { (rest.width + gap, offset) } else { (offset, rest.height + gap) };
        Rect { x, y, width: tile.width, height: tile.height }
    };
    let mut tiles = vec![Placed { tile: stage, slot: TileSlot::Stage, rect: rest }];
    tiles.extend(on_page.iter().enumerate().map(|(at, tile)| Placed {
        tile: *tile,
        slot: TileSlot::Strip,
        rect: place(at),
    }));
    Layout { shape: Shape::Stage, tiles, page, pages, per_page }
}

fn grid_capacity(size: Size) -> usize {
    let (most, narrowest) =
        if size.is_compact() { (COMPACT_MAX, COMPACT_MIN_WIDTH) } else { (GRID_MAX, GRID_MIN_WIDTH) };
    (1..=most).rev().find(|count| fit(*count, size).tile.width >= narrowest).unwrap_or(1) as usize
}

/// Returns the nearest page that exists, the count of pages, and the range of tiles on the page.
fn paged(count: usize, per_page: usize, page: usize) -> (usize, usize, std::ops::Range<usize>) {
    let pages = count.div_ceil(per_page).max(1);
    let page = page.min(pages - 1);
    let begin = page * per_page;
    (page, pages, begin..count.min(begin + per_page))
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
