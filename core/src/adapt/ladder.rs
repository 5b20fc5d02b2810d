//! The ladders of picture qualities, and the highest rung that a call allows. Rung 0 is not sent.

use super::Sending;
use parley_protocol::data::Shown;

pub const AUDIO_KBPS: u32 = 40;
/// A bitrate at which every word is understood, if not every overtone heard.
pub const AUDIO_LOW_KBPS: u32 = 20;

/// The rungs of a camera. Of 720 lines they send 180, 180, 360, 540 and 720.
pub const CAMERA: [Sending; 5] = [
    Sending { kbps: 90, scale: 400, fps: 10 },
    Sending { kbps: 160, scale: 400, fps: 20 },
    Sending { kbps: 450, scale: 200, fps: 24 },
    Sending { kbps: 900, scale: 133, fps: 30 },
    Sending { kbps: 1_700, scale: 100, fps: 30 },
];

/// The rungs of a screen. Text must stay readable, so motion goes first and sharpness last.
pub const SCREEN: [Sending; 4] = [
    Sending { kbps: 250, scale: 200, fps: 5 },
    Sending { kbps: 600, scale: 100, fps: 5 },
    Sending { kbps: 1_200, scale: 100, fps: 15 },
    Sending { kbps: 2_500, scale: 100, fps: 30 },
];

/// The share of an ordinary uplink that all cameras together may take.
pub const CAMERAS_KBPS: u32 = 2_500;
/// The highest rung of a camera during a screen share, for which a small face is enough.
const CAMERA_WITH_SHARE: usize = 2;

/// Returns the highest rung for each of the others, from the sizes in which they show the own camera. Where
/// the number of people keeps it low, those who show it large get one rung more while the uplink has room.
pub fn camera_caps(people: usize, shown: &[Shown], sharing: bool) -> Vec<usize> {
    let by_people = match people {
        ..=2 => 5,
        3 => 4,
        4 | 5 => 3,
        _ => 2,
    };
    let by_people = if sharing { CAMERA_WITH_SHARE.min(by_people) } else { by_people };
    let by_shown = |shown: &Shown| match shown {
        Shown::Hidden => 0,
        Shown::Small => 2,
        Shown::Medium => 3,
        Shown::Large => 5,
    };
    let mut caps: Vec<usize> = shown.iter().map(|shown| by_shown(shown).min(by_people)).collect();
    let mut total: u32 = caps.iter().map(|cap| kbps(*cap)).sum();
    for (cap, shown) in caps.iter_mut().zip(shown) {
        let wanted = *shown == Shown::Large && !sharing && *cap < CAMERA.len();
        let more = kbps(*cap + 1).saturating_sub(kbps(*cap));
        if wanted && total + more <= CAMERAS_KBPS {
            *cap += 1;
            total += more;
        }
    }
    caps
}

pub fn screen_cap(people: usize, shown: Shown) -> usize {
    let by_people = match people {
        ..=2 => 4,
        3 | 4 => 3,
        _ => 2,
    };
    match shown {
        Shown::Hidden => 0,
        Shown::Small => 1,
        Shown::Medium | Shown::Large => by_people,
    }
}

fn kbps(rung: usize) -> u32 {
    super::rung(&CAMERA, rung).map_or(0, |sending| sending.kbps)
}
