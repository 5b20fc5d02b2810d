//! A renderer of notes into a sound file. A page that plays a file waits for nothing. A page that makes its
//! notes with the browser's audio engine stands still until the engine has found the speakers, which takes
//! some tenths of a second the first time.

use crate::alert::Note;

/// The samples per second, more than twice the highest tone there is.
const RATE: u16 = 16_000;
/// The samples in which a note fades in and out, so that it does not click: 12 ms.
const EDGE: f32 = 192.0;
/// The amplitude of one note; two may sound at once.
const LOUD: f32 = 0.5;
const HEADER: u32 = 44;

/// Renders the notes as a WAV file of one channel with 16 bits.
pub fn wav(notes: &[Note]) -> Vec<u8> {
    let length = notes.iter().map(|note| samples(note.from_ms) + samples(note.length_ms)).max().unwrap_or(0);
    let mut heard = vec![0.0_f32; length];
    for note in notes {
        let from = samples(note.from_ms);
        add(&mut heard[from..from + samples(note.length_ms)], note.hertz);
    }
    let mut file = header(length);
    file.extend(heard.into_iter().flat_map(|sample| level(sample).to_le_bytes()));
    file
}

fn samples(ms: u16) -> usize {
    usize::from(ms) * usize::from(RATE) / 1_000
}

#[expect(clippy::cast_precision_loss, reason = "a few seconds")]
fn add(heard: &mut [f32], hertz: u16) {
    let (sine, cosine) = (std::f32::consts::TAU * f32::from(hertz) / f32::from(RATE)).sin_cos();
    // Each sample of a sine follows from the two before it, which saves a `sin` for each.
    let (mut before, mut now) = (-sine, 0.0);
    let length = heard.len();
    for (place, sample) in heard.iter_mut().enumerate() {
        let edge = place.min(length - place) as f32 / EDGE;
        *sample += now * LOUD * edge.min(1.0);
        (before, now) = (now, 2.0 * cosine * now - before);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast stays within what there is")]
fn level(sample: f32) -> i16 {
    (sample * f32::from(i16::MAX)) as i16
}

fn header(samples: usize) -> Vec<u8> {
    let bytes = u32::try_from(samples * 2).unwrap_or(u32::MAX - HEADER);
    let (channels, bits) = (1_u16.to_le_bytes(), 16_u16.to_le_bytes());
    let parts: [&[u8]; 13] = [
        b"RIFF",
        &(bytes + HEADER - 8).to_le_bytes(),
        b"WAVE",
        b"fmt ",
        &16_u32.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &channels,
        &u32::from(RATE).to_le_bytes(),
        &(u32::from(RATE) * 2).to_le_bytes(),
        &2_u16.to_le_bytes(),
        &bits,
        b"data",
        &bytes.to_le_bytes(),
    ];
    parts.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Ringtone, WAITS};

    fn heard(notes: &[Note]) -> Vec<i16> {
        wav(notes)[HEADER as usize..].chunks(2).map(|two| i16::from_le_bytes([two[0], two[1]])).collect()
    }

    /// Counts the upward passages through zero.
    fn waves(heard: &[i16]) -> usize {
        heard.windows(2).filter(|two| two[0] <= 0 && two[1] > 0).count()
    }

    #[test]
    fn a_note_is_its_tone_for_its_time() {
        let one = heard(&[Note { hertz: 440, from_ms: 500, length_ms: 1_000 }]);
        assert_eq!(one.len(), 24_000);
        assert!(one[..8_000].iter().all(|sample| *sample == 0), "silent before it");
        assert!(waves(&one).abs_diff(440) <= 1, "{}", waves(&one));
        let loudest = one.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        assert!((16_000..16_500).contains(&loudest), "{loudest}");
    }

    #[test]
    fn nothing_clicks_and_nothing_is_too_loud() {
        let all = Ringtone::ALL.map(|ringtone| ringtone.sound().notes).into_iter().chain([WAITS]);
        for notes in all {
            let heard = heard(notes);
            assert!(heard[0] == 0 && heard[heard.len() - 1].unsigned_abs() < 300);
            let loudest = heard.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
            assert!((10_000..i16::MAX.unsigned_abs()).contains(&loudest), "{loudest}");
        }
    }

    #[test]
    fn silence_is_a_file_too() {
        assert_eq!(wav(&[]).len(), HEADER as usize);
    }
}
