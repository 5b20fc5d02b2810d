//! Mutation of inputs: a few small changes at a time, most of which leave the form half intact.

use rand::{RngExt, rngs::StdRng};

/// Pieces of text that the readers of JSON, headers and times react to.
const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "null",
    "true",
    "false",
    "-1",
    "0",
    "1e999",
    "18446744073709551616",
    "9223372036854775807",
    "0.5",
    "\\u0000",
    "\\ud800",
    "\u{202E}",
    "\u{200B}",
    "é",
    "\u{1F600}",
    "\"type\":",
    "\"kind\":",
    "\"call_id\":",
    "\"device_id\":",
    "\"payload\":",
    "\"candidates\":",
    "\"candidate\":",
    "\"sdp\":",
    "\"media\":",
    "Bearer ",
    "parley_session=",
    "; ",
    "=",
    ".",
    "eyJhbGciOiJub25lIn0",
    "T00:00:00Z",
    "-02-30",
    "01890a5d-ac96-774b-bcce-b302099a8057",
    "candidate:1 1 udp 2122260223 192.0.2.1 9 typ host",
];

/// Returns `input` with one to five random changes; `other` lends it pieces.
pub fn mutate(rng: &mut StdRng, input: &[u8], other: &[u8]) -> Vec<u8> {
    let mut out = input.to_vec();
    for _ in 0..rng.random_range(1..6) {
        mutate_once(rng, &mut out, other);
    }
    out
}

/// Makes one random change: flips a bit, inserts, removes, repeats or replaces bytes, nests brackets, or
/// cuts the end off.
fn mutate_once(rng: &mut StdRng, out: &mut Vec<u8>, other: &[u8]) {
    let at = rng.random_range(0..=out.len());
    let end = rng.random_range(at..=out.len().min(at + 64));
    match rng.random_range(0..9) {
        0 if at < out.len() => out[at] ^= 1 << rng.random_range(0..8),
        1 => out.insert(at, rng.random()),
        2 => drop(out.drain(at..end)),
        3 => {
            let part = out[at..end].to_vec();
            out.splice(at..at, part);
        }
        4 => {
            let from = rng.random_range(0..=other.len());
            out.splice(at..end, other[from..].iter().copied());
        }
        5 => out.truncate(at),
        6 => {
            let depth = rng.random_range(1..300);
            let bracket = if rng.random() { b'[' } else { b'{' };
            out.splice(at..at, std::iter::repeat_n(bracket, depth));
        }
        _ => {
            let word = WORDS[rng.random_range(0..WORDS.len())];
            out.splice(at..end, word.bytes());
        }
    }
}
