//! The adaptation of sending: size, frame rate and bitrate of every picture on every link of a mesh.
//!
//! ```text
//!   people, their tiles, a share ─► cap ────────┐
//!                                               ├─► the lower of both ─► plan of the link
//!   loss, starved line ─► pressure ─► limit ────┘
//!
//!   free ── 3 bad samples ──► easing: a step down, the next after 4 s if it is still bad
//!     ▲                         │ 5 good ones
//!     └── at the cap ── mending: a step up after 10 s, and after twice as long if that was too much
//! ```
//!
//! A cap holds at once, a limit moves in steps. Under pressure the camera yields first, then the screen, the
//! voice last. The browser's own congestion control works below these maxima. They keep it from spending on
//! pictures the bandwidth that the voice needs, and keep encoders from running for pictures that nobody looks
//! at.

mod ladder;
mod pressure;
mod start;

pub use start::{start_kbps, starting_at};

use crate::{
    quality::{Reading, Score, of_loss, sample::Limit},
    time::{Duration, Instant},
};
use ladder::{AUDIO_KBPS, AUDIO_LOW_KBPS, CAMERA, SCREEN};
use parley_protocol::{DeviceId, data::Shown};
use pressure::{Move, Pressure};
use std::collections::BTreeMap;

/// The time for which a hidden tile is still sent, so that a glance away does not stop and restart the
/// picture.
const HIDDEN_AFTER: Duration = Duration::from_millis(2_000);
/// The most steps that an overloaded computer takes from every camera.
const OVERLOAD_STEPS: usize = 2;

/// The maxima of an encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    pub kbps: u32,
    /// The divisor of width and height in percent: 200 sends half of each. It applies to 720 lines of a
    /// camera, and to the actual size of a screen.
    pub scale: u32,
    pub fps: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub device: DeviceId,
    pub audio_kbps: u32,
    /// The maxima of the camera; `None` if it is not sent.
    pub camera: Option<Sending>,
    pub screen: Option<Sending>,
}

/// The reduction of the own pictures by weak lines, on the link where it is greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Easing {
    #[default]
    None,
    Reduced,
    /// A picture that somebody looks at and is not sent.
    Paused,
}

/// The facts about a link, every two seconds and when one of them changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObservedLink {
    pub device: DeviceId,
    /// The sizes in which the other side shows the own camera and screen; `Large` until it says so.
    pub camera: Shown,
    pub screen: Shown,
    /// The reading since the last call; `None` if there is no new one.
    pub reading: Option<Reading>,
}

/// The pictures that this device has to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Own {
    pub camera: bool,
    pub screen: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Adapt {
    links: BTreeMap<DeviceId, State>,
    computer: Pressure,
    overload: usize,
    easing: Easing,
}

#[derive(Debug, Clone)]
struct State {
    pressure: Pressure,
    camera_limit: usize,
    screen_limit: usize,
    audio_low: bool,
    camera_seen: Seen,
    screen_seen: Seen,
    plan: Option<Plan>,
}

/// The highest rungs that the situation allows.
#[derive(Debug, Clone, Copy, Default)]
struct Caps {
    camera: usize,
    screen: usize,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    last: Shown,
    hidden_since: Option<Instant>,
}

impl Adapt {
    /// Takes the facts about all links, and returns the plans that changed. A link that is missing is gone.
    pub fn handle(&mut self, now: Instant, own: Own, links: &[ObservedLink]) -> Vec<Plan> {
        self.links.retain(|device, _| links.iter().any(|link| link.device == *device));
        self.feel_computer(now, links);
        let caps = self.caps(now, own, links);
        let mut changed = Vec::new();
        self.easing = Easing::None;
        for (link, caps) in links.iter().zip(caps) {
            let state = self.links.entry(link.device).or_default();
            if let Some(reading) = &link.reading {
                state.feel(now, caps, reading);
            }
            self.easing = self.easing.max(state.easing(caps));
            let plan = state.plan_for(link.device, caps);
            if state.plan != Some(plan) {
                state.plan = Some(plan);
                changed.push(plan);
            }
        }
        changed
    }

    /// Returns the reduction as of the last [`Self::handle`].
    pub fn easing(&self) -> Easing {
        self.easing
    }

    fn caps(&mut self, now: Instant, own: Own, links: &[ObservedLink]) -> Vec<Caps> {
        let people = links.len() + 1;
        let mut seen = Vec::with_capacity(links.len());
        for link in links {
            let state = self.links.entry(link.device).or_default();
            let camera = if own.camera { state.camera_seen.look(now, link.camera) } else { Shown::Hidden };
            let screen = if own.screen { state.screen_seen.look(now, link.screen) } else { Shown::Hidden };
            seen.push((camera, screen));
        }
        let shown: Vec<Shown> = seen.iter().map(|(camera, _)| *camera).collect();
        let cameras = ladder::camera_caps(people, &shown, own.screen);
        let less = |cap: usize| if cap == 0 { 0 } else { cap.saturating_sub(self.overload).max(1) };
        let caps = |(camera, (_, screen)): (usize, &(Shown, Shown))| Caps {
            camera: less(camera),
            screen: ladder::screen_cap(people, *screen),
        };
        cameras.into_iter().zip(&seen).map(caps).collect()
    }

    fn feel_computer(&mut self, now: Instant, links: &[ObservedLink]) {
        let mut readings = links.iter().filter_map(|link| link.reading.as_ref()).peekable();
        if readings.peek().is_none() {
            return;
        }
        let overloaded = readings.any(|reading| reading.limited == Some(Limit::Cpu));
        match self.computer.feel(now, if overloaded { Score::Fair } else { Score::Good }) {
            Move::Down(_) => self.overload = (self.overload + 1).min(OVERLOAD_STEPS),
            Move::Up => self.overload = self.overload.saturating_sub(1),
            Move::Stay => {}
        }
    }
}

impl State {
    fn feel(&mut self, now: Instant, caps: Caps, reading: &Reading) {
        match self.pressure.feel(now, self.strain(reading)) {
            Move::Down(steps) => (0..steps).for_each(|_| self.ease(caps)),
            Move::Up => self.mend(caps),
            Move::Stay => {}
        }
    }

    /// Judges how much the line suffers from what is sent on it. Delay does not count, because a long
    /// distance is no reason to send less.
    fn strain(&self, reading: &Reading) -> Score {
        if reading.score == Score::Lost {
            return Score::Lost;
        }
        let planned = self.plan.as_ref().map_or(0, Plan::kbps);
        let starved = match reading.path.and_then(|path| path.available_kbps) {
            Some(available) if available < planned.min(AUDIO_KBPS) => Score::Poor,
            Some(available) if available < planned / 2 => Score::Fair,
            _ => Score::Good,
        };
        of_loss(reading.up.loss.unwrap_or(0)).min(starved)
    }

    fn ease(&mut self, caps: Caps) {
        let camera = self.camera_limit.min(caps.camera);
        let screen = self.screen_limit.min(caps.screen);
        if camera > 0 {
            self.camera_limit = camera - 1;
        } else if screen > 0 {
            self.screen_limit = screen - 1;
        } else {
            self.audio_low = true;
            // A camera that is turned on later must not begin with a picture that the line cannot bear.
            self.camera_limit = self.camera_limit.min(1);
            self.screen_limit = self.screen_limit.min(1);
        }
    }

    fn mend(&mut self, caps: Caps) {
        if self.audio_low {
            self.audio_low = false;
        } else if self.screen_limit < caps.screen {
            self.screen_limit += 1;
        } else if self.camera_limit < caps.camera {
            self.camera_limit += 1;
        }
    }

    fn easing(&self, caps: Caps) -> Easing {
        let of = |limit: usize, cap: usize| match limit {
            _ if limit >= cap => Easing::None,
            0 => Easing::Paused,
            _ => Easing::Reduced,
        };
        of(self.camera_limit, caps.camera).max(of(self.screen_limit, caps.screen))
    }

    fn plan_for(&self, device: DeviceId, caps: Caps) -> Plan {
        Plan {
            device,
            audio_kbps: if self.audio_low { AUDIO_LOW_KBPS } else { AUDIO_KBPS },
            camera: rung(&CAMERA, self.camera_limit.min(caps.camera)),
            screen: rung(&SCREEN, self.screen_limit.min(caps.screen)),
        }
    }
}

impl Default for State {
    fn default() -> Self {
        let seen = Seen { last: Shown::Hidden, hidden_since: None };
        Self {
            pressure: Pressure::default(),
            camera_limit: CAMERA.len(),
            screen_limit: SCREEN.len(),
            audio_low: false,
            camera_seen: seen,
            screen_seen: seen,
            plan: None,
        }
    }
}

impl Seen {
    /// Takes the reported size. A larger one counts at once, hiding only after a moment.
    fn look(&mut self, now: Instant, shown: Shown) -> Shown {
        if shown != Shown::Hidden {
            *self = Self { last: shown, hidden_since: None };
        } else if now.since(*self.hidden_since.get_or_insert(now)) >= HIDDEN_AFTER {
            self.last = Shown::Hidden;
        }
        self.last
    }
}

impl Plan {
    fn kbps(&self) -> u32 {
        let video = [self.camera, self.screen].into_iter().flatten().map(|sending| sending.kbps);
        self.audio_kbps + video.sum::<u32>()
    }
}

/// Returns the maxima of a rung; `None` for rung 0.
fn rung(ladder: &[Sending], rung: usize) -> Option<Sending> {
    ladder.get(rung.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests;
