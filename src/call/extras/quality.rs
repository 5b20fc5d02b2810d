//! The quality monitor: it reads the counters of a room's connections every two seconds and passes them to
//! `core::quality`. The results go to components, in batches to the server, and into the report after the
//! call.

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
    quality::{Around, LinkMonitor, Measure, Quality, Reading, Score, sample::Sample},
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

/// The time between two rounds.
const EVERY: Duration = Duration::from_millis(2_000);

/// The monitor of this tab.
pub struct Monitor {
    this: Weak<Self>,
    line: Box<dyn Fn(DeviceId) -> Option<Rc<PeerConnection>>>,
    extras: Store<RoomExtrasView>,
    watched: RefCell<Option<Watched>>,
    /// The round trip of the last ping to the server.
    server_rtt_ms: Cell<Option<u32>>,
}

/// The call that is measured.
struct Watched {
    seat: (CallId, DeviceId),
    room: Room,
    sends_video: bool,
    easing: Easing,
    quality: Quality,
    /// The measurements of the last round that nobody has taken yet.
    fresh: BTreeMap<DeviceId, Reading>,
    /// The devices to which a connection has been up.
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

    /// Notes for the report that something was done about the quality.
    pub fn note(&self, measure: Measure) {
        if let Some(watched) = &mut *self.watched.borrow_mut() {
            watched.quality.note(measure);
        }
    }

    /// Takes how much weak connections take from this person's pictures, and notes it for the report each
    /// time it grows.
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

    /// Takes the changed view of the call, and starts or stops measuring. `seat` is the call that this device
    /// is in.
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

    /// Stops measuring and shows the report.
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

    /// Runs one round. The call may end or change while the counters are read, so it is checked again after
    /// that.
    async fn measure(&self) {
        let Some((call, tiles)) =
            self.watched.borrow().as_ref().map(|watched| (watched.seat.0, watched.room.tiles()))
        else {
            return;
        };
        let mut samples = Vec::with_capacity(tiles.len());
        for tile in tiles {
            let Some(line) = (self.line)(tile.device_id) else { continue };
            // A connection that was closed meanwhile fails, and is left out.
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
            // Lost samples are not sent again: a gap does no harm, and the next batch comes soon.
            let answer = api::calls::report_quality(call, &report).await;
            // A change of the shown quality, unlike samples, is repeated until the server has taken it.
            if let (Ok(()), Some(shown), Some(watched)) =
                (answer, report.shown, &mut *self.watched.borrow_mut())
                && watched.seat.0 == call
            {
                watched.quality.note_reported(Score::of_word(shown));
            }
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
    /// Takes the samples of one round.
    fn round(&mut self, now: Instant, mut samples: Vec<(DeviceId, Sample)>, around: Around) {
        let up = samples.iter().filter(|(_, sample)| sample.path.is_some()).map(|(device, _)| *device);
        self.reached.extend(up);
        // A connection that has never been up is still being made, and must not count as a bad one.
        samples.retain(|(device, _)| self.reached.contains(device));
        self.quality.round(now, around, samples);
        let newest = |device: &DeviceId| {
            let (at, reading) = self.quality.link(*device)?.history().last()?;
            (*at == now).then_some((*device, *reading))
        };
        self.fresh = self.reached.iter().filter_map(newest).collect();
    }

    /// Takes the next report to the server: samples when there are enough of them, facts about connections
    /// and the shown quality when they change; none if there is nothing to report.
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
        let shown = self.quality.unreported_change().map(Score::word);
        let something = !samples.is_empty() || !connections.is_empty() || shown.is_some();
        something.then_some(QualityReport { device_id: self.seat.1, samples, connections, shown })
    }

    fn person(&self, device: DeviceId) -> Option<UserId> {
        self.room.tiles().iter().find(|tile| tile.device_id == device).map(|tile| tile.user.id)
    }
}

/// Makes the projection of a connection; none before its first measurement.
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
