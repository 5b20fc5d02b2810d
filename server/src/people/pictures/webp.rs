//! Copies a still WebP (RFC 9649) chunk by chunk, keeping only what its pixels need.

use super::jpeg::Copied;

/// Length of the RIFF header with its form type.
const HEADER: usize = 12;
/// Flags of the extended format.
const MOVES: u8 = 0b0000_0010;
const HAS_ALPHA: u8 = 0b0001_0000;

struct Chunk<'a> {
    kind: [u8; 4],
    data: &'a [u8],
}

/// Copies the picture without color profile, EXIF, XMP and unknown chunks. Refuses animations, and pictures
/// whose size is not that of their canvas.
pub fn copy(bytes: &[u8]) -> Option<Copied> {
    let announced = usize::try_from(u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?)).ok()?;
    if !bytes.starts_with(b"RIFF")
        || announced.checked_add(8)? != bytes.len()
        || bytes.get(8..HEADER)? != b"WEBP"
    {
        return None;
    }
    let chunks = chunks(bytes.get(HEADER..)?)?;
    let [first, others @ ..] = &chunks[..] else { return None };
    if first.kind != *b"VP8X" {
        // The simple format is one chunk, and decoders ignore what follows it.
        let size = picture(first)?;
        return Some((file(&[(first.kind, first.data)]), size));
    }
    let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = *first.data else { return None };
    let side = |low, middle, high| u32::from_le_bytes([low, middle, high, 0]) + 1;
    let canvas = (side(w0, w1, w2), side(h0, h1, h2));
    let mut pictures = others.iter().filter(|chunk| matches!(&chunk.kind, b"VP8 " | b"VP8L"));
    let inside = pictures.next()?;
    let is_one =
        pictures.next().is_none() && chunks.iter().filter(|chunk| chunk.kind == *b"VP8X").count() == 1;
    let moves = flags & MOVES != 0 || others.iter().any(|chunk| matches!(&chunk.kind, b"ANIM" | b"ANMF"));
    if !is_one || moves || picture(inside)? != canvas {
        return None;
    }
    let alpha = others.iter().find(|chunk| chunk.kind == *b"ALPH").filter(|_| inside.kind == *b"VP8 ");
    let mut header = [0; 10];
    header[4..].copy_from_slice(&first.data[4..]);
    let kept = match alpha {
        Some(alpha) => {
            header[0] = HAS_ALPHA;
            file(&[(*b"VP8X", &header), (alpha.kind, alpha.data), (inside.kind, inside.data)])
        }
        None => file(&[(inside.kind, inside.data)]),
    };
    Some((kept, canvas))
}

/// Splits the content of the file into its chunks, which are padded to an even length.
fn chunks(mut rest: &[u8]) -> Option<Vec<Chunk<'_>>> {
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        let length = usize::try_from(u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?)).ok()?;
        let end = 8_usize.checked_add(length)?;
        chunks.push(Chunk { kind: rest.get(..4)?.try_into().ok()?, data: rest.get(8..end)? });
        rest = rest.get(end.checked_add(length % 2)?..)?;
    }
    Some(chunks)
}

/// Reads width and height of a chunk with pixels.
fn picture(chunk: &Chunk<'_>) -> Option<(u32, u32)> {
    match (&chunk.kind, chunk.data) {
        // A key frame: its lowest bit is 0.
        (b"VP8 ", &[tag, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..]) if tag & 1 == 0 => {
            let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            Some((side(w0, w1), side(h0, h1)))
        }
        (b"VP8L", &[0x2f, a, b, c, d, ..]) => {
            let bits = u32::from_le_bytes([a, b, c, d]);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

fn file(chunks: &[([u8; 4], &[u8])]) -> Vec<u8> {
    let mut content = b"WEBP".to_vec();
    for (kind, data) in chunks {
        content.extend(kind);
        content.extend(length(data.len()));
        content.extend(*data);
        content.resize(content.len() + data.len() % 2, 0);
    }
    [b"RIFF", length(content.len()).as_slice(), &content].concat()
}

/// Lengths fit: a picture has at most 64 KiB.
fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes()
}
