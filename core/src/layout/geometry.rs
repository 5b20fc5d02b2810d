//! The geometry of tiles in whole CSS pixels: the largest tiles of 16:9 that fit.

/// The space between tiles where there is room for it.
const GAP: u32 = 8;
/// The greatest width and height of a room, so that no sum overflows.
const EXTENT_MAX: u32 = 32_768;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

impl Size {
    #[must_use]
    pub fn bounded(self) -> Self {
        Self { width: self.width.min(EXTENT_MAX), height: self.height.min(EXTENT_MAX) }
    }

    /// Checks whether the room is on a phone, or in a window as small as one.
    pub fn is_compact(self) -> bool {
        self.width.min(self.height) < 500
    }

    /// Returns the space between tiles. In a tiny room it shrinks, so that even the most tiles stay inside.
    pub fn gap(self) -> u32 {
        GAP.min(self.width.min(self.height) / 64)
    }

    pub const fn rect(self) -> Rect {
        Rect { x: 0, y: 0, width: self.width, height: self.height }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rect {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// A grid of equal tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    pub columns: u32,
    pub rows: u32,
    pub tile: Size,
}

/// Finds the columns that make `count` tiles largest, and among equals those that leave the fewest places
/// empty.
pub fn fit(count: u32, size: Size) -> Fit {
    let gap = size.gap();
    let with = |columns: u32| {
        let rows = count.div_ceil(columns);
        let width = size.width.saturating_sub(gap * (columns - 1)) / columns;
        let height = size.height.saturating_sub(gap * (rows - 1)) / rows;
        let width = width.min(height * 16 / 9);
        Fit { columns, rows, tile: Size { width, height: width * 9 / 16 } }
    };
    let empty = |fit: &Fit| fit.columns * fit.rows - count;
    let mut best = with(1);
    for columns in 2..=count {
        let next = with(columns);
        let larger = next.tile.width > best.tile.width;
        if larger || (next.tile.width == best.tile.width && empty(&next) < empty(&best)) {
            best = next;
        }
    }
    best
}

/// Returns the places of `count` tiles, row by row. The block and its last row are centered.
pub fn grid(count: u32, size: Size) -> Vec<Rect> {
    if count == 0 {
        return Vec::new();
    }
    let Fit { columns, rows, tile } = fit(count, size);
    let gap = size.gap();
    let extent = |tiles: u32, of: u32| tiles * of + gap * (tiles - 1);
    let top = size.height.saturating_sub(extent(rows, tile.height)) / 2;
    let place = |at: u32| {
        let (row, column) = (at / columns, at % columns);
        let in_row = columns.min(count - row * columns);
        let left = size.width.saturating_sub(extent(in_row, tile.width)) / 2;
        Rect {
            x: left + column * (tile.width + gap),
            y: top + row * (tile.height + gap),
            width: tile.width,
            height: tile.height,
        }
    };
    (0..count).map(place).collect()
}
