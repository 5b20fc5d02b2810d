//! The small picture over the large one: its corner and its size.

use super::geometry::{Rect, Size};

const MARGIN: u32 = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Corner {
    TopLeft,
    TopRight,
    BottomLeft,
    #[default]
    BottomRight,
}

impl Corner {
    /// Returns the corner that a picture goes to when its middle is dropped at this point.
    pub const fn nearest(x: u32, y: u32, size: Size) -> Self {
        match (x.saturating_mul(2) < size.width, y.saturating_mul(2) < size.height) {
            (true, true) => Self::TopLeft,
            (false, true) => Self::TopRight,
            (true, false) => Self::BottomLeft,
            (false, false) => Self::BottomRight,
        }
    }

    /// Returns the place of the small picture. It is upright in an upright room, since a phone's camera turns
    /// with the phone.
    pub fn rect(self, size: Size) -> Rect {
        let (width, height) = if size.height > size.width {
            let width = (size.width / 4).clamp(72, 160);
            (width, width * 16 / 9)
        } else {
            let width = (size.width / 5).clamp(96, 280);
            (width, width * 9 / 16)
        };
        let (width, height) = (width.min(size.width / 2), height.min(size.height / 2));
        let margin_x = MARGIN.min((size.width - width) / 2);
        let margin_y = MARGIN.min((size.height - height) / 2);
        let right = size.width - width - margin_x;
        let bottom = size.height - height - margin_y;
        let (x, y) = match self {
            Self::TopLeft => (margin_x, margin_y),
            Self::TopRight => (right, margin_y),
            Self::BottomLeft => (margin_x, bottom),
            Self::BottomRight => (right, bottom),
        };
        Rect { x, y, width, height }
    }
}
