//! Where the tiles of the room stand, who is ringed, and what follows from it for what is sent: a tile that nobody
//! looks at costs its sender nothing.
//!
//! The machines are `core::layout`, `core::speakers` and `core::adapt`; this keeps them for the length of a call.

use super::view::StageView;
use parley_core::{
    adapt::{Adapt, Easing, ObservedLink, Own, Plan},
    layout::{self, Present, Size, Source},
    phone::{Phone, Screen},
    quality::Reading,
    speakers::{Level, Output, Speakers},
    time::Instant,
};
use parley_protocol::{
    CallId, DeviceId,
    data::{DataMessage, Shown},
};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

#[derive(Default)]
pub struct Tiles {
    room: RefCell<Option<RoomTiles>>,
    size: Cell<Size>,
}

/// The tiles of one call, and what depends on them.
struct RoomTiles {
    call_id: CallId,
    layout: layout::RoomLayout,
    speakers: Speakers,
    /// The own voice puts a ring on the own picture, and moves nobody.
    own: (DeviceId, Speakers),
    adapt: Adapt,
    plans: BTreeMap<DeviceId, Plan>,
    /// What the others were told of how they are seen.
    told: BTreeMap<DeviceId, (Shown, Shown)>,
    view: layout::View,
    pinned: Option<layout::TileId>,
}

impl Tiles {
    /// The call is as the screen says.
    pub fn follow(&self, screen: &Screen) {
        let mut kept = self.room.borrow_mut();
        let (Screen::Room(now), Some(own)) = (screen, screen_device(screen)) else {
            *kept = None;
            return;
        };
        if kept.as_ref().is_none_or(|room| room.call_id != now.call_id) {
            *kept = Some(RoomTiles::new(now.call_id, own, self.size.get()));
        }
        if let Some(room) = kept.as_mut() {
            let others = now.tiles();
            let present = others
                .iter()
                .map(|tile| Present { device: tile.device_id, shares_screen: tile.media.screen });
            room.layout.handle(layout::Input::Others(present.collect()));
            let there = |device: &DeviceId| others.iter().any(|tile| tile.device_id == *device);
            room.told.retain(|device, _| there(device));
            room.plans.retain(|device, _| there(device));
        }
    }

    /// The person, or the window, wants it otherwise.
    pub fn ask(&self, input: layout::Input) {
        if let layout::Input::Size(size) = input {
            self.size.set(size);
        }
        if let Some(room) = self.room.borrow_mut().as_mut() {
            match &input {
                layout::Input::View(view) => room.view = *view,
                layout::Input::Pin(tile) => room.pinned = *tile,
                _ => {}
            }
            room.layout.handle(input);
        }
    }

    pub fn hear(&self, now: Instant, own: Level, levels: &[(DeviceId, Level)]) {
        let mut room = self.room.borrow_mut();
        let Some(room) = room.as_mut() else { return };
        room.own.1.handle(now, &[(room.own.0, own)]);
        for output in room.speakers.handle(now, levels) {
            match output {
                Output::Promoted(device) => room.layout.handle(layout::Input::Promoted(device)),
                Output::Main(device) => room.layout.handle(layout::Input::Main(device)),
                Output::Ring { .. } | Output::Demoted(_) => {}
            }
        }
    }

    pub fn view(&self) -> StageView {
        let room = self.room.borrow();
        let Some(room) = room.as_ref() else { return StageView::default() };
        let layout = room.layout.layout();
        let cameras = room.layout.shown(100).into_iter().map(|(tile, _)| tile);
        let cameras = cameras.filter(|tile| tile.source == Source::Camera).map(|tile| tile.device);
        let ringed = cameras.filter(|device| room.speakers.is_ringed(*device));
        let (own, voice) = &room.own;
        let ringed = ringed.chain(voice.is_ringed(*own).then_some(*own)).collect();
        StageView { layout: Some(layout), view: room.view, pinned: room.pinned, ringed }
    }

    /// Tells each of the others how they are seen, if they do not know; `say` may fail, and is asked again. Who
    /// refuses cameras sees nobody, and is sent none.
    pub fn tell(&self, pixel_ratio: u32, refuses: bool, say: impl Fn(DeviceId, &DataMessage) -> bool) {
        let mut room = self.room.borrow_mut();
        // Before the room is drawn nothing is known, and the others take it for large.
        let Some(room) = room.as_mut().filter(|_| self.size.get() != Size::default()) else { return };
        let mut seen: BTreeMap<DeviceId, (Shown, Shown)> = BTreeMap::new();
        for (tile, shown) in room.layout.shown(pixel_ratio) {
            let entry = seen.entry(tile.device).or_insert((Shown::Hidden, Shown::Hidden));
            match tile.source {
                Source::Camera if refuses => {}
                Source::Camera => entry.0 = shown,
                Source::Screen => entry.1 = shown,
            }
        }
        for (device, (camera, screen)) in seen {
            let message = DataMessage::Shown { call_id: room.call_id, camera, screen };
            if room.told.get(&device) != Some(&(camera, screen)) && say(device, &message) {
                room.told.insert(device, (camera, screen));
            }
        }
    }

    /// What is to be different in what is sent.
    pub fn adapt(
        &self,
        now: Instant,
        phone: &Phone,
        reading: impl Fn(DeviceId) -> Option<Reading>,
    ) -> Vec<Plan> {
        let mut room = self.room.borrow_mut();
        let (Some(room), Screen::Room(call)) = (room.as_mut(), phone.screen()) else { return Vec::new() };
        let media = call.me().map(|me| me.media).unwrap_or_default();
        let own = Own { camera: media.video, screen: media.screen };
        let links = phone.audience().into_iter().map(|(device, camera, screen)| ObservedLink {
            device,
            camera,
            screen,
            reading: reading(device),
        });
        let changed = room.adapt.handle(now, own, &links.collect::<Vec<_>>());
        for plan in &changed {
            room.plans.insert(plan.device, *plan);
        }
        changed
    }

    /// What weak lines take from the own pictures.
    pub fn easing(&self) -> Easing {
        self.room.borrow().as_ref().map(|room| room.adapt.easing()).unwrap_or_default()
    }

    /// What applies to a connection that has just come up.
    pub fn plan(&self, device: DeviceId) -> Option<Plan> {
        self.room.borrow().as_ref()?.plans.get(&device).copied()
    }

    /// There is another connection: it has been told nothing.
    pub fn renewed(&self, device: DeviceId) {
        if let Some(room) = self.room.borrow_mut().as_mut() {
            room.told.remove(&device);
        }
    }
}

impl RoomTiles {
    fn new(call_id: CallId, own: DeviceId, size: Size) -> Self {
        let mut layout = layout::RoomLayout::new(own);
        layout.handle(layout::Input::Size(size));
        Self {
            call_id,
            layout,
            speakers: Speakers::default(),
            own: (own, Speakers::default()),
            adapt: Adapt::default(),
            plans: BTreeMap::new(),
            told: BTreeMap::new(),
            view: layout::View::default(),
            pinned: None,
        }
    }
}

fn screen_device(screen: &Screen) -> Option<DeviceId> {
    match screen {
        Screen::Room(room) => room.own_device,
        _ => None,
    }
}
