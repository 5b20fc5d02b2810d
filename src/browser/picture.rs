//! Profile pictures: a file of the person, cut to a square and made small. The browser encodes it anew, which
//! drops metadata such as the place where the picture was taken.

use super::error::BrowserError;
use leptos::prelude::window;
use parley_protocol::limits::PICTURE_MAX_BYTES;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, File, HtmlInputElement, ImageBitmap, ImageEncodeOptions, OffscreenCanvas,
    OffscreenCanvasRenderingContext2d,
};

/// The side of the square in pixels: the largest size at which it is shown, on a dense screen.
const SIDE: u32 = 288;
/// The largest file that is read. Decoding a larger one would take the browser too long.
const FILE_MAX_BYTES: f64 = 32.0 * 1024.0 * 1024.0;
/// The formats and qualities to try; the first result that is small enough is taken. A browser that cannot
/// write a format returns another type.
const WAYS: [(&str, f64); 4] =
    [("image/webp", 0.85), ("image/webp", 0.5), ("image/jpeg", 0.85), ("image/jpeg", 0.5)];

/// The reason why a file cannot be a profile picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    TooLarge,
    /// A file that this browser cannot decode, or an SVG, which may contain scripts.
    NoPicture,
}

/// An encoded square picture, ready for upload.
#[derive(Debug, Clone)]
pub struct Square(Blob);

impl Square {
    /// Returns the media type, as in `image/webp`.
    pub fn kind(&self) -> String {
        self.0.type_()
    }

    pub fn bytes(&self) -> f64 {
        self.0.size()
    }
}

impl From<Square> for JsValue {
    fn from(square: Square) -> Self {
        square.0.into()
    }
}

/// Takes the chosen file out of a field, and empties the field so that the same file can be chosen again.
pub fn take_file(field: &HtmlInputElement) -> Option<File> {
    let file = field.files()?.get(0);
    field.set_value("");
    file
}

/// Makes a small square picture of a file.
pub async fn square(file: &File) -> Result<Square, Unfit> {
    if file.size() > FILE_MAX_BYTES {
        return Err(Unfit::TooLarge);
    }
    if file.type_().starts_with("image/svg") {
        return Err(Unfit::NoPicture);
    }
    let largest = f64::from(u32::try_from(PICTURE_MAX_BYTES).unwrap_or(u32::MAX));
    let cut = cut(file).await.map_err(|_| Unfit::NoPicture)?;
    for (kind, quality) in WAYS {
        let packed = pack(&cut, kind, quality).await.map_err(|_| Unfit::NoPicture)?;
        if packed.type_() == kind && packed.size() <= largest {
            return Ok(Square(packed));
        }
    }
    Err(Unfit::TooLarge)
}

/// Draws the middle of the picture on white.
async fn cut(file: &File) -> Result<OffscreenCanvas, BrowserError> {
    let failed = BrowserError::of("read a picture");
    let promise = window().create_image_bitmap_with_blob(file).map_err(&failed)?;
    let picture: ImageBitmap = JsFuture::from(promise).await.map_err(&failed)?.unchecked_into();
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let side = width.min(height);
    let canvas = OffscreenCanvas::new(SIDE, SIDE).map_err(&failed)?;
    let brush = canvas.get_context("2d").map_err(&failed)?.ok_or(JsValue::NULL).map_err(&failed)?;
    let brush: OffscreenCanvasRenderingContext2d = brush.unchecked_into();
    let whole = f64::from(SIDE);
    brush.set_fill_style_str("#ffffff");
    brush.fill_rect(0.0, 0.0, whole, whole);
    let (left, top) = ((width - side) / 2.0, (height - side) / 2.0);
    let drawn = brush.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
        &picture, left, top, side, side, 0.0, 0.0, whole, whole,
    );
    picture.close();
    drawn.map_err(&failed)?;
    Ok(canvas)
}

async fn pack(canvas: &OffscreenCanvas, kind: &str, quality: f64) -> Result<Blob, BrowserError> {
    let failed = BrowserError::of("write a picture");
    let options = ImageEncodeOptions::new();
    options.set_type(kind);
    options.set_quality(quality);
    let promise = canvas.convert_to_blob_with_options(&options).map_err(&failed)?;
    Ok(JsFuture::from(promise).await.map_err(&failed)?.unchecked_into())
}
