//! Checks of uploaded profile pictures: JPEG and WebP, small, not animated.
//!
//! A picture is copied part by part, and only the parts that its pixels need are kept. So the size that is
//! checked is the size that every decoder finds, and neither the place where a photo was taken nor anything
//! behind the end of the file is stored or served. The pixels are not decoded here.

mod jpeg;
mod webp;

use crate::storage::{Picture, PictureKind};
use parley_protocol::limits::PICTURE_MAX_SIDE;

/// Accepts a picture that is of the declared type and not too large. What is returned has no metadata.
pub fn read(kind: PictureKind, bytes: &[u8]) -> Result<Picture, &'static str> {
    let copied = match kind {
        PictureKind::Jpeg => jpeg::copy(bytes),
        PictureKind::WebP => webp::copy(bytes),
    };
    let (bytes, (width, height)) = copied.ok_or("is not a picture of the declared type")?;
    let fits = |side: u32| (1..=PICTURE_MAX_SIDE).contains(&side);
    if fits(width) && fits(height) { Ok(Picture { kind, bytes }) } else { Err("has too many pixels") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: PictureKind, bytes: &[u8]) -> Result<(), &'static str> {
        super::read(kind, bytes).map(drop)
    }

    /// Returns the segments of a frame header and of one scan, which has a stuffed byte and a restart in it.
    fn frame(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xc2, 0, 11, 8];
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend([1, 1, 0x11, 0]);
        bytes
    }

    const SCAN: [u8; 16] = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 7, 0xff, 0, 0xff, 0xd0, 9];
    const END: [u8; 2] = [0xff, 0xd9];

    fn jpeg(segments: &[&[u8]]) -> Vec<u8> {
        [&[0xff, 0xd8], segments.concat().as_slice(), &END].concat()
    }

    fn jpeg_of(width: u16, height: u16) -> Vec<u8> {
        jpeg(&[&frame(width, height), &SCAN])
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
        assert_eq!(read(PictureKind::Jpeg, &jpeg(&[&SCAN, &frame(9, 9)])), wrong, "a scan before its frame");
        assert_eq!(read(PictureKind::Jpeg, &jpeg(&[&frame(9, 9)])), wrong, "no scan");
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

    /// Checks that no file shows a small frame header here and a huge one to a decoder, which skips fill bytes,
    /// markers without a length, and segments that it does not know.
    #[test]
    fn a_decoy_before_the_frame_is_refused_bug() {
        let huge = frame(20_000, 20_000);
        let small = frame(9, 9);
        // Read as a segment, each of these would swallow the beginning of the true frame header.
        let decoys: [&[u8]; 6] = [
            &[0xff, 0xff, 0xc0, 0, 11, 8, 0, 9, 0, 9, 1, 1, 0x11, 0],
            &[0xff, 0x01, 0, 17],
            &[0xff, 0xd0, 0, 17],
            &[0xff, 0x00, 0, 17],
            &[0xff, 0xd8, 0, 17],
            &[0xff, 0xdc, 0, 4, 0, 9],
        ];
        for decoy in decoys {
            let file = jpeg(&[decoy, &huge, &SCAN]);
            assert!(read(PictureKind::Jpeg, &file).is_err(), "{decoy:x?}");
            let file = jpeg(&[decoy, &small, &SCAN, &huge, &SCAN]);
            assert!(read(PictureKind::Jpeg, &file).is_err(), "{decoy:x?}");
        }
        for file in [
            jpeg(&[&small, &huge, &SCAN]),
            jpeg(&[&small, &SCAN, &huge, &SCAN]),
            jpeg(&[&huge, &SCAN, &small, &SCAN]),
        ] {
            assert!(read(PictureKind::Jpeg, &file).is_err(), "two frames");
        }
        let two = [canvas_of(0, 9, 9), lossy_of(9, 9), lossy_of(16_383, 16_383)];
        assert!(read(PictureKind::WebP, &webp_of(&two)).is_err(), "two pictures");
        let moving = [canvas_of(0, 9, 9), chunk(*b"ANIM", &[0; 6]), lossy_of(9, 9)];
        assert!(read(PictureKind::WebP, &webp_of(&moving)).is_err(), "an animation in disguise");
    }

    #[test]
    fn too_many_scans_are_refused() {
        let scans = |count| jpeg(&[&frame(9, 9), &SCAN.repeat(count)]);
        read(PictureKind::Jpeg, &scans(100)).unwrap();
        assert!(read(PictureKind::Jpeg, &scans(101)).is_err());
    }

    #[test]
    fn metadata_and_bytes_behind_the_end_are_not_kept() {
        let copy = |kind, bytes: &[u8]| super::read(kind, bytes).unwrap().bytes;
        let adobe = [&[0xff, 0xee, 0, 14], b"Adobe".as_slice(), &[0, 100, 0, 0, 0, 0, 1]].concat();
        let exif = [&[0xff, 0xe1, 0, 16], b"Exif: at home!".as_slice()].concat();
        let comment = [&[0xff, 0xfe, 0, 6], b"Ana.".as_slice()].concat();
        let mut file = jpeg(&[&exif, &adobe, &comment, &frame(9, 9), &SCAN]);
        file.extend(b"<script>behind the end</script>");
        assert_eq!(copy(PictureKind::Jpeg, &file), jpeg(&[&adobe, &frame(9, 9), &SCAN]));

        let (exif, alpha) = (chunk(*b"EXIF", b"at home"), chunk(*b"ALPH", &[0; 5]));
        let lossy = lossy_of(256, 256);
        let file = webp_of(&[canvas_of(0b1_1000, 256, 256), alpha.clone(), lossy.clone(), exif.clone()]);
        let kept = webp_of(&[canvas_of(0b1_0000, 256, 256), alpha, lossy.clone()]);
        assert_eq!(copy(PictureKind::WebP, &file), kept);
        let plain = webp_of(std::slice::from_ref(&lossy));
        assert_eq!(
            copy(PictureKind::WebP, &webp_of(&[canvas_of(0b1000, 256, 256), lossy.clone(), exif.clone()])),
            plain
        );
        assert_eq!(copy(PictureKind::WebP, &webp_of(&[lossy, exif])), plain);
    }
}
