//! Checks of uploaded profile pictures: JPEG and WebP, small, not animated.
//!
//! The dimensions are read from the file's headers, so that nobody's browser has to decode a huge picture out
//! of a few bytes. The pixels are not decoded here.

use crate::storage::{Picture, PictureKind};
use parley_protocol::limits::PICTURE_MAX_SIDE;

/// Accepts a picture that is of the declared type and not too large.
pub fn read(kind: PictureKind, bytes: Vec<u8>) -> Result<Picture, &'static str> {
    let size = match kind {
        PictureKind::Jpeg => jpeg(&bytes),
        PictureKind::WebP => webp(&bytes),
    };
    let (width, height) = size.ok_or("is not a picture of the declared type")?;
    let fits = |side: u32| (1..=PICTURE_MAX_SIDE).contains(&side);
    if fits(width) && fits(height) { Ok(Picture { kind, bytes }) } else { Err("has too many pixels") }
}

/// Reads width and height from the first frame header (ITU T.81, B.2.2).
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let [0xff, marker, high, low, ..] = *rest else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let segment = rest.get(4..2 + length)?;
        match marker {
            // These markers lie in the range of the frame headers or near it, but are none: DHT, JPG, DAC,
            // and SOS, the beginning of a scan.
            0xc4 | 0xc8 | 0xcc | 0xda => {}
            0xc0..=0xcf => {
                let [_, h1, h0, w1, w0, ..] = *segment else { return None };
                return Some((u16::from_be_bytes([w1, w0]).into(), u16::from_be_bytes([h1, h0]).into()));
            }
            _ => {}
        }
        if marker == 0xda {
            // Compressed data follows a scan header, so there is no frame header to be found any more.
            return None;
        }
        rest = rest.get(2 + length..)?;
    }
}

/// Reads width and height of a still picture (RFC 9649).
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let size = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?);
    let whole = bytes.starts_with(b"RIFF") && usize::try_from(size).ok()?.checked_add(8)? == bytes.len();
    if !whole || bytes.get(8..12)? != b"WEBP" {
        return None;
    }
    let data = bytes.get(20..)?;
    match bytes.get(12..16)? {
        b"VP8 " => lossy(data),
        b"VP8L" => lossless(data),
        b"VP8X" => extended(bytes.get(12..)?),
        _ => None,
    }
}

/// Reads the size from a VP8 key frame.
fn lossy(data: &[u8]) -> Option<(u32, u32)> {
    let [_, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..] = *data else { return None };
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
    Some((side(w0, w1), side(h0, h1)))
}

/// Reads the size from a VP8L header.
fn lossless(data: &[u8]) -> Option<(u32, u32)> {
    let [0x2f, a, b, c, d, ..] = *data else { return None };
    let bits = u32::from_le_bytes([a, b, c, d]);
    Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
}

/// Reads the size from the extended format. Refuses an animation, and a picture whose size is not that of the
/// canvas.
fn extended(chunks: &[u8]) -> Option<(u32, u32)> {
    const MOVES: u8 = 0b10;
    let mut rest = chunks;
    let mut canvas = None;
    while !rest.is_empty() {
        let length = usize::try_from(u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?)).ok()?;
        let data = rest.get(8..8_usize.checked_add(length)?)?;
        match rest.get(..4)? {
            b"VP8X" => {
                let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = *data else { return None };
                let side = |a, b, c| u32::from_le_bytes([a, b, c, 0]) + 1;
                canvas = Some((side(w0, w1, w2), side(h0, h1, h2))).filter(|_| flags & MOVES == 0);
            }
            kind @ (b"VP8 " | b"VP8L") => {
                let inside = if kind == b"VP8 " { lossy(data) } else { lossless(data) };
                return canvas.filter(|_| inside == canvas);
            }
            _ => {}
        }
        // Chunks are padded to an even length.
        rest = rest.get(8 + length + length % 2..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: PictureKind, bytes: &[u8]) -> Result<(), &'static str> {
        super::read(kind, bytes.to_vec()).map(drop)
    }

    fn jpeg_of(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc2, 0, 11, 8];
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend([1, 1, 0x11, 0]);
        bytes
    }

    fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        let mut bytes = [&kind, length.as_slice(), data].concat();
        bytes.resize(bytes.len() + data.len() % 2, 0);
        bytes
    }

    fn webp_of(chunks: &[Vec<u8>]) -> Vec<u8> {
        chunk(*b"RIFF", &[b"WEBP".to_vec(), chunks.concat()].concat())
    }

    fn lossy_of(width: u16, height: u16) -> Vec<u8> {
        let [w, h] = [width.to_le_bytes(), height.to_le_bytes()];
        chunk(*b"VP8 ", &[0x30, 1, 0, 0x9d, 1, 0x2a, w[0], w[1], h[0], h[1]])
    }

    fn canvas_of(flags: u8, width: u32, height: u32) -> Vec<u8> {
        let [w, h] = [(width - 1).to_le_bytes(), (height - 1).to_le_bytes()];
        chunk(*b"VP8X", &[flags, 0, 0, 0, w[0], w[1], w[2], h[0], h[1], h[2]])
    }

    #[test]
    fn small_pictures_of_both_kinds_are_taken() {
        assert_eq!(read(PictureKind::Jpeg, &jpeg_of(256, 200)), Ok(()));
        assert_eq!(read(PictureKind::WebP, &webp_of(&[lossy_of(512, 512)])), Ok(()));
        let lossless = chunk(*b"VP8L", &[0x2f, 255, 0xc0, 0x3f, 0]);
        assert_eq!(read(PictureKind::WebP, &webp_of(&[lossless])), Ok(()), "256 to 256");
        let with_more = [canvas_of(0b1_0000, 256, 256), chunk(*b"ALPH", &[0; 5]), lossy_of(256, 256)];
        assert_eq!(read(PictureKind::WebP, &webp_of(&with_more)), Ok(()));
    }

    #[test]
    fn a_picture_with_too_many_pixels_is_refused() {
        let many = Err("has too many pixels");
        assert_eq!(read(PictureKind::Jpeg, &jpeg_of(513, 10)), many);
        assert_eq!(read(PictureKind::Jpeg, &jpeg_of(0, 10)), many);
        assert_eq!(read(PictureKind::WebP, &webp_of(&[lossy_of(16_383, 16_383)])), many);
        assert_eq!(read(PictureKind::WebP, &webp_of(&[canvas_of(0, 900, 9), lossy_of(900, 9)])), many);
    }

    #[test]
    fn a_picture_of_another_type_is_refused() {
        let wrong = Err("is not a picture of the declared type");
        assert_eq!(read(PictureKind::WebP, &jpeg_of(9, 9)), wrong);
        assert_eq!(read(PictureKind::Jpeg, &webp_of(&[lossy_of(9, 9)])), wrong);
        assert_eq!(read(PictureKind::Jpeg, b"<svg xmlns='http://www.w3.org/2000/svg'/>"), wrong);
        assert_eq!(
            read(PictureKind::WebP, &webp_of(&[canvas_of(0b10, 9, 9), lossy_of(9, 9)])),
            wrong,
            "it moves"
        );
        assert_eq!(
            read(PictureKind::WebP, &webp_of(&[canvas_of(0, 9, 9), lossy_of(900, 9)])),
            wrong,
            "it is larger inside"
        );
        assert_eq!(
            read(PictureKind::WebP, &webp_of(&[canvas_of(0, 9, 9)])),
            wrong,
            "there is nothing inside"
        );
        let scan_first =
            [0xff, 0xd8, 0xff, 0xda, 0, 4, 1, 2, 0xff, 0xc0, 0, 11, 8, 0, 9, 0, 9, 1, 1, 0x11, 0];
        assert_eq!(read(PictureKind::Jpeg, &scan_first), wrong);
    }

    /// A picture that is cut off anywhere is refused, and not read beyond its end.
    #[test]
    fn every_beginning_of_a_picture_is_refused() {
        let more = webp_of(&[canvas_of(0, 256, 256), chunk(*b"ALPH", &[0; 5]), lossy_of(256, 256)]);
        for (kind, whole) in [
            (PictureKind::Jpeg, jpeg_of(9, 9)),
            (PictureKind::WebP, webp_of(&[lossy_of(9, 9)])),
            (PictureKind::WebP, more),
        ] {
            for end in 0..whole.len() {
                assert!(read(kind, &whole[..end]).is_err(), "{kind:?} {end}");
            }
            read(kind, &whole).unwrap();
        }
    }
}
