//! Samples with a panel, menu or question open over a screen, opened by pressing the buttons themselves.

use crate::call::{
    extras::view::{After, LinkQuality, Point, RoomExtrasViewStoreFields},
    handle::CallHandle,
    view::{CallViewStoreFields, Room},
};
use leptos::prelude::*;
use parley_core::{
    phone::Screen,
    quality::{
        Action, CallReport, Flow, Indicator, Measure, Picture, Reading, Score, Side, Trouble, Wrong, sample,
    },
};

pub struct Opened {
    pub name: &'static str,
    screen: &'static str,
    /// The selectors of the buttons to press, in order.
    presses: &'static [&'static str],
}

const CHAT: &str = ".call-control:has(+ .people-button)";
const PEOPLE: &str = ".people-button";
const CONNECTION: &str = ".connection-button";
const MORE: &str = "[popovertarget=more-menu]";

pub const ALL: &[Opened] = &[
    opened("incoming-words", "incoming", &[".decline-words-open"]),
    opened("room-chat", "room", &[CHAT]),
    opened("room-four-chat", "room-four", &[CHAT]),
    opened("room-people", "room", &[PEOPLE]),
    opened("room-four-people", "room-four", &[PEOPLE]),
    opened("room-connection", "room", &[CONNECTION]),
    opened("room-weak", "room", &[]),
    opened("room-sound-devices", "room", &["[popovertarget=sound-devices]"]),
    opened("room-camera-devices", "room", &["[popovertarget=camera-devices]"]),
    opened("room-reactions", "room", &["[popovertarget=reactions]"]),
    opened("room-more", "room", &[MORE]),
    opened("room-four-more", "room-four", &[MORE]),
    opened("room-keys", "room", &[MORE, ".more-keys button"]),
    opened("over-report", "over", &[]),
    opened("over-questions", "over", &[".star:nth-child(2) input"]),
];

const fn opened(name: &'static str, screen: &'static str, presses: &'static [&'static str]) -> Opened {
    Opened { name, screen, presses }
}

fn find(sample: &str) -> Option<&'static Opened> {
    ALL.iter().find(|opened| opened.name == sample)
}

/// Returns the screen below an opened sample; every other sample is a screen itself.
pub fn screen(sample: &str) -> &str {
    find(sample).map_or(sample, |opened| opened.screen)
}

pub fn presses(sample: &str) -> &'static [&'static str] {
    find(sample).map_or(&[], |opened| opened.presses)
}

/// Fills in the connection quality of a sample: latest values, five minutes of history, and the report.
pub fn fill_quality(handle: CallHandle, sample: &str) {
    let extras = handle.extras();
    let weak = sample == "room-weak";
    let links = handle.view().screen().with_untracked(|screen| match screen {
        Screen::Room(room) => links(room, if weak { Score::Poor } else { Score::Excellent }),
        _ => Vec::new(),
    });
    extras.links().set(links);
    if weak {
        let (score, side) = (Score::Poor, Side::OwnUplink);
        extras.indicator().set(Some(Indicator { score, side, action: Some(Action::TurnOffVideo) }));
    }
    if sample.starts_with("over-") {
        extras.after().set(Some(After { call_id: super::samples::call_id(), report: report() }));
    }
}

fn links(room: &Room, score: Score) -> Vec<LinkQuality> {
    let devices = room.tiles().into_iter().map(|tile| tile.device_id);
    devices.map(|device| LinkQuality { device, score, now: reading(score), past: past() }).collect()
}

fn reading(score: Score) -> Reading {
    let flow = Flow { loss: Some(4), jitter_ms: Some(6), kbps: 1_480 };
    let picture = Picture { fps: 30, width: 1_280, height: 720, codec: Some(sample::Codec::Vp8) };
    Reading {
        score,
        rtt_ms: Some(38),
        down: flow,
        up: flow,
        picture: Some(picture),
        fps_up: Some(30),
        frozen: 0,
        limited: None,
        path: Some(sample::Path::default()),
    }
}

/// Returns five minutes of measurements, in which the connection is weak once and silent once.
fn past() -> Vec<Point> {
    let point = |n: u32| {
        let weak = (60..80).contains(&n);
        let wave = n * 7 % 11;
        let worse = if weak { 6 } else { 1 };
        let silent = (100..104).contains(&n);
        Point {
            at_ms: 464_000 + u64::from(n) * 2_000,
            rtt_ms: (!silent).then_some((34 + wave) * worse),
            loss: (!silent).then_some(if weak { 60 } else { 0 }),
            jitter_ms: (!silent).then_some((4 + wave / 3) * worse),
            down_kbps: if silent { 0 } else { (1_400 + wave * 20) / worse },
            up_kbps: if silent { 0 } else { (1_300 + wave * 25) / worse },
        }
    };
    (0..150).map(point).collect()
}

fn report() -> CallReport {
    CallReport {
        seconds: 764,
        usual: Some(Score::Good),
        troubles: vec![
            Trouble { wrong: Wrong::Loss, side: Side::OwnUplink, seconds: 42 },
            Trouble { wrong: Wrong::Interrupted, side: Side::Between, seconds: 9 },
        ],
        measures: vec![(Measure::VideoReduced, 3), (Measure::PathRestarted, 1)],
    }
}
