//! Copies a JPEG (ITU T.81) segment by segment, keeping only what its pixels need.
//!
//! Decoders skip fill bytes, stand-alone markers and unknown segments, each in its own way, so a file can show
//! one frame header to a check and another one to a browser. This reader accepts none of these: every byte
//! before the end belongs to a segment that it knows, and there is one frame header.

/// Bytes of a JPEG without metadata, and the width and height of its frame.
pub type Copied = (Vec<u8>, (u32, u32));

/// The most scans. Each costs a decoder a pass over all pixels, and progressive files have about ten.
const SCANS_MAX: u32 = 100;
const SOI: [u8; 2] = [0xff, 0xd8];
const EOI: u8 = 0xd9;
const DHT: u8 = 0xc4;
const DQT: u8 = 0xdb;
const DRI: u8 = 0xdd;
const SOS: u8 = 0xda;
/// The segment in which Adobe says how the colors are transformed. Without it they would change.
const ADOBE: u8 = 0xee;

/// Copies the picture without comments, application data and whatever follows its end.
pub fn copy(bytes: &[u8]) -> Option<Copied> {
    let mut rest = bytes.strip_prefix(&SOI)?;
    let mut kept = SOI.to_vec();
    let mut frame = None;
    let mut scans = 0;
    loop {
        let [0xff, marker, ..] = *rest else { return None };
        if marker == EOI {
            kept.extend([0xff, EOI]);
            return Some((kept, frame.filter(|_| scans > 0)?));
        }
        let [_, _, high, low, ..] = *rest else { return None };
        let end = 2 + usize::from(u16::from_be_bytes([high, low]));
        let segment = rest.get(4..end)?;
        let keep = match marker {
            // Baseline, extended and progressive frames with Huffman coding: the ones that browsers decode.
            0xc0..=0xc2 if frame.is_none() => {
                frame = Some(size(segment)?);
                true
            }
            SOS if frame.is_some() && scans < SCANS_MAX => {
                scans += 1;
                true
            }
            DHT | DQT | DRI => true,
            ADOBE => segment.starts_with(b"Adobe"),
            // Comments and the data of applications, such as the place where a photo was taken.
            0xe0..=0xef | 0xfe => false,
            _ => return None,
        };
        let end = if marker == SOS { end + scan(rest.get(end..)?)? } else { end };
        let (whole, after) = rest.split_at(end);
        if keep {
            kept.extend(whole);
        }
        rest = after;
    }
}

/// Reads width and height of a frame header, and checks that it is as long as its number of components asks.
fn size(header: &[u8]) -> Option<(u32, u32)> {
    let [8, h1, h0, w1, w0, components, ref each @ ..] = *header else { return None };
    let fits = matches!(components, 1 | 3 | 4) && each.len() == 3 * usize::from(components);
    fits.then(|| (u16::from_be_bytes([w1, w0]).into(), u16::from_be_bytes([h1, h0]).into()))
}

/// Finds the length of the coded data of a scan: up to the next marker that is no restart.
fn scan(data: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += data.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match *data.get(at + 1)? {
            // A stuffed byte of data, or a restart.
            0x00 | 0xd0..=0xd7 => at += 2,
            _ => return Some(at),
        }
    }
}
