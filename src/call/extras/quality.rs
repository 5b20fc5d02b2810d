//! Measures the connections of a room every two seconds, and tells components and the server how they are.

use super::view::{After, LinkQuality, Point, RoomExtrasView, RoomExtrasViewStoreFields};
use crate::call::view::{CallView, Room};
use crate::{
    api,
    browser::{
        clock,
        peer::PeerConnection,
        timer::{self, Timer},
    },
};
use leptos::prelude::*;
use parley_core::{
    adapt::Easing,
    phone::{Capture, Screen},
    quality::{Around, LinkMonitor, Measure, Quality, Reading, sample::Sample},
    time::{Duration, Instant},
};
use parley_protocol::{CallId, DeviceId, Timestamp, UserId, quality::QualityReport};
use reactive_stores::Store;
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::{Rc, Weak},
};
use wasm_bindgen_futures::spawn_local;

const EVERY: Duration = Duration::from_millis(2_000);

pub struct Monitor {
    this: Weak<Self>,
    line: Box<dyn Fn(DeviceId) -> Option<Rc<PeerConnection>>>,
    extras: Store<RoomExtrasView>,
    watched: RefCell<Option<Watched>>,
    /// How long the last ping to the server took.
    server_rtt_ms: Cell<Option<u32>>,
}

/// The call that is measured.
struct Watched {
    seat: (CallId, DeviceId),
    room: Room,
    sends_video: bool,
    easing: Easing,
    quality: Quality,
    /// Of the last round, until they are asked for.
    fresh: BTreeMap<DeviceId, Reading>,
    /// Devices to which a connection has stood.
    reached: BTreeSet<DeviceId>,
    timer: Option<Timer>,
}

impl Monitor {
    pub fn new(
        extras: Store<RoomExtrasView>,
        line: impl Fn(DeviceId) -> Option<Rc<PeerConnection>> + 'static,
    ) -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            line: Box::new(line),
            extras,
            watched: RefCell::default(),
            server_rtt_ms: Cell::default(),
        })
    }

    pub fn note_server_rtt(&self, ms: u32) {
        self.server_rtt_ms.set(Some(ms));
    }

    pub fn take_reading(&self, device: DeviceId) -> Option<Reading> {
        self.watched.borrow_mut().as_mut()?.fresh.remove(&device)
    }

    /// For the report: something was done about the quality.
    pub fn note(&self, measure: Measure) {
        if let Some(watched) = &mut *self.watched.borrow_mut() {
            watched.quality.note(measure);
        }
    }

    /// What a weak line takes from the own pictures, told once for each time that it becomes more.
    pub fn note_easing(&self, easing: Easing) {
        let Some(watched) = &mut *self.watched.borrow_mut() else { return };
        let before = std::mem::replace(&mut watched.easing, easing);
        if easing > before {
            match easing {
                Easing::None => {}
                Easing::Reduced => watched.quality.note(Measure::VideoReduced),
                Easing::Paused => watched.quality.note(Measure::VideoPaused),
            }
        }
    }

    /// `seat` is the call that this device is in.
    pub fn follow(&self, view: &CallView, seat: Option<(CallId, DeviceId)>) {
        let sends_video = matches!(view.camera, Capture::On);
        match (&view.screen, seat) {
            (Screen::Room(room), Some(seat)) => self.watch(seat, room, sends_video),
            (Screen::Room(_), None) => {}
            _ => self.stop(),
        }
    }

    fn watch(&self, seat: (CallId, DeviceId), room: &Room, sends_video: bool) {
        if self.watched.borrow().as_ref().is_some_and(|watched| watched.seat.0 != seat.0) {
            self.stop();
        }
        let mut watched = self.watched.borrow_mut();
        if let Some(watched) = &mut *watched {
            watched.seat = seat;
            watched.sends_video = sends_video;
            if watched.room != *room {
                watched.room = room.clone();
            }
            return;
        }
        *watched = Some(Watched {
            seat,
            room: room.clone(),
            sends_video,
            easing: Easing::None,
            quality: Quality::new(timer::now()),
            fresh: BTreeMap::new(),
            reached: BTreeSet::new(),
            timer: None,
        });
        drop(watched);
        self.extras.after().set(None);
        self.measure_later();
    }

    fn stop(&self) {
        let Some(watched) = self.watched.take() else { return };
        let report = watched.quality.report(timer::now());
        self.extras.after().set(Some(After { call_id: watched.seat.0, report }));
        self.extras.indicator().set(None);
        self.extras.links().set(Vec::new());
    }

    fn measure_later(&self) {
        let this = Weak::clone(&self.this);
        let timer = Timer::after(EVERY, move || {
            if let Some(this) = this.upgrade() {
                spawn_local(async move { this.measure().await });
            }
        });
        if let Some(watched) = &mut *self.watched.borrow_mut() {
            watched.timer = timer;
        }
    }

    async fn measure(&self) {
        let Some((call, tiles)) =
            self.watched.borrow().as_ref().map(|watched| (watched.seat.0, watched.room.tiles()))
        else {
            return;
        };
        let mut samples = Vec::with_capacity(tiles.len());
        for tile in tiles {
            let Some(line) = (self.line)(tile.device_id) else { continue };
            // A connection that is gone meanwhile has nothing to tell.
            if let Ok(sample) = line.count().await {
                samples.push((tile.device_id, Sample { expects_audio: !tile.media.muted, ..sample }));
            }
        }
        let told = match &mut *self.watched.borrow_mut() {
            Some(watched) if watched.seat.0 == call => {
                let refuses = self.extras.refuses_cameras().get_untracked();
                let around = Around {
                    server_rtt_ms: self.server_rtt_ms.get(),
                    sends_video: watched.sends_video,
                    receives_video: !refuses && watched.room.tiles().iter().any(|tile| tile.media.video),
                };
                watched.round(timer::now(), samples, around);
                self.show(&watched.quality, &watched.reached);
                watched.batch(timer::now(), clock::now())
            }
            _ => return,
        };
        self.measure_later();
        if let Some(report) = told {
            // What does not arrive is not sent again: the next is about to come.
            let _ = api::calls::report_quality(call, &report).await;
        }
    }

    fn show(&self, quality: &Quality, reached: &BTreeSet<DeviceId>) {
        let links: Vec<LinkQuality> =
            reached.iter().filter_map(|device| shown(*device, quality.link(*device)?)).collect();
        let indicator = quality.indicator();
        if self.extras.indicator().get_untracked() != indicator {
            self.extras.indicator().set(indicator);
        }
        self.extras.links().set(links);
    }
}

impl Watched {
    fn round(&mut self, now: Instant, mut samples: Vec<(DeviceId, Sample)>, around: Around) {
        let up = samples.iter().filter(|(_, sample)| sample.path.is_some()).map(|(device, _)| *device);
        self.reached.extend(up);
        // What has never been connected is not bad, but to come.
        samples.retain(|(device, _)| self.reached.contains(device));
        self.quality.round(now, around, samples);
        let newest = |device: &DeviceId| {
            let (at, reading) = self.quality.link(*device)?.history().last()?;
            (*at == now).then_some((*device, *reading))
        };
        self.fresh = self.reached.iter().filter_map(newest).collect();
    }

    /// Takes what the server is to hear: samples when enough of them are together, connections when they change.
    fn batch(&mut self, now: Instant, today: Timestamp) -> Option<QualityReport> {
        let measured = self.quality.take_batch(now).unwrap_or_default();
        let samples: Vec<_> = measured
            .iter()
            .map(|measured| {
                let ago = i64::try_from(now.since(measured.at).as_millis()).unwrap_or(0);
                measured.told(Timestamp(today.0 - ago), self.person(measured.device))
            })
            .collect();
        let connections = self.quality.take_connections();
        let connections: Vec<_> =
            connections.iter().map(|(device, facts)| facts.report(self.person(*device))).collect();
        let something = !samples.is_empty() || !connections.is_empty();
        something.then_some(QualityReport { device_id: self.seat.1, samples, connections })
    }

    fn person(&self, device: DeviceId) -> Option<UserId> {
        self.room.tiles().iter().find(|tile| tile.device_id == device).map(|tile| tile.user.id)
    }
}

fn shown(device: DeviceId, link: &LinkMonitor) -> Option<LinkQuality> {
    let past = link.history().map(|(at, reading)| Point {
        at_ms: at.0,
        rtt_ms: reading.rtt_ms,
        loss: reading.down.loss.max(reading.up.loss),
        jitter_ms: reading.down.jitter_ms.max(reading.up.jitter_ms),
        down_kbps: reading.down.kbps,
        up_kbps: reading.up.kbps,
    });
    Some(LinkQuality { device, score: link.score(), now: *link.reading()?, past: past.collect() })
}
