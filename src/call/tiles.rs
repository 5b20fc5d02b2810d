//! The tiles of the room: where each stands, which has a speaker's ring, and the limits for what is sent.
//!
//! The machines `core::layout`, `core::speakers` and `core::adapt` decide; this module keeps them for the
//! length of a call. It also tells the other devices how large each is shown here, so that a sender spends
//! nothing on a tile that is not visible.

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

/// The tiles of the current call, if there is one.
#[derive(Default)]
pub struct Tiles {
    room: RefCell<Option<RoomTiles>>,
    /// The size of the stage, kept from one call to the next.
    size: Cell<Size>,
}

/// The tiles of one call with their machines.
struct RoomTiles {
    call_id: CallId,
    layout: layout::RoomLayout,
    speakers: Speakers,
    /// This device with a machine of its own: this person's voice rings their picture but does not move any
    /// tile.
    own: (DeviceId, Speakers),
    adapt: Adapt,
    plans: BTreeMap<DeviceId, Plan>,
    /// The sizes of camera and screen that each other device was last told.
    told: BTreeMap<DeviceId, (Shown, Shown)>,
    view: layout::View,
    pinned: Option<layout::TileId>,
}

impl Tiles {
    /// Takes the current screen: begins, updates or ends the tiles.
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

    /// Takes an input for the layout: the size of the window, or a choice of the person.
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

    /// Takes the loudness of this person and of the others.
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

    /// Returns the projection for components.
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

    /// Tells every other device how large its camera and screen are shown here, if that has changed. When
    /// `say` fails, the next call tries again. A person who refuses cameras is told to see none.
    pub fn tell(&self, pixel_ratio: u32, refuses: bool, say: impl Fn(DeviceId, &DataMessage) -> bool) {
        let mut room = self.room.borrow_mut();
        // The size is not known before the room is drawn. Until they are told, the others assume a large
        // picture.
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

    /// Returns the limits that have changed, for what is sent to each device.
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

    /// Returns how much weak connections take from this person's pictures.
    pub fn easing(&self) -> Easing {
        self.room.borrow().as_ref().map(|room| room.adapt.easing()).unwrap_or_default()
    }

    /// Returns the current limits for a device, for a connection that has just come up.
    pub fn plan(&self, device: DeviceId) -> Option<Plan> {
        self.room.borrow().as_ref()?.plans.get(&device).copied()
    }

    /// Forgets what a device was told, because its connection is a new one.
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
