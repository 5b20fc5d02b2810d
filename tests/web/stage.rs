//! The stage: each tile stands where the layout machine says, and the machine learns of the person's wishes.

use super::support::{CallStand, calls, device, person_here, press, reading, room, settle};
use leptos::prelude::*;
use parley::call::{
    extras::view::{LinkQuality, RoomExtrasViewStoreFields},
    handle::Ask,
    view::{CallViewStoreFields, Link, Room, StageView},
};
use parley_core::{
    layout::{self, Input, Present, Size, TileId, View},
    phone::{Capture, Screen},
    quality::{Indicator, Score, Side},
};
use parley_protocol::call::OwnMedia;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

const SEEN: OwnMedia = OwnMedia { muted: false, video: true, screen: false, hand: false };

fn three() -> Room {
    let mut room = room(Link::Connected, SEEN);
    room.people.push(person_here("Ben", 2, SEEN));
    room
}

fn machine(others: &[u128]) -> layout::RoomLayout {
    let mut machine = layout::RoomLayout::new(device(9));
    machine.handle(Input::Size(Size { width: 1_280, height: 640 }));
    let present = |n: &u128| Present { device: device(*n), shares_screen: false };
    machine.handle(Input::Others(others.iter().map(present).collect()));
    machine
}

/// Shows the layout of the machine.
async fn arranged(page: &CallStand, machine: &layout::RoomLayout) {
    let stage = StageView { layout: Some(machine.layout()), ..StageView::default() };
    page.view.stage().set(stage);
    settle().await;
}

#[wasm_bindgen_test]
async fn each_tile_stands_where_the_machine_says() {
    let page = calls(Screen::Room(three())).await;
    let mut machine = machine(&[1, 2]);
    arranged(&page, &machine).await;
    for placed in machine.layout().tiles {
        let place = format!("translate: {}px {}px", placed.rect.x, placed.rect.y);
        assert!(page.has(&format!(".tile[style*='{place}']")), "{placed:?}");
    }
    assert!(!page.has(".tile[data-place=hidden]"));
    machine.handle(Input::View(View::Speaker));
    arranged(&page, &machine).await;
    assert!(page.has(".call-stage[data-shape=stage] .tile[data-place=stage]"));
}

#[wasm_bindgen_test]
async fn a_person_on_another_page_is_heard_and_not_seen() {
    let page = calls(Screen::Room(three())).await;
    arranged(&page, &machine(&[1])).await;
    assert!(page.has(".tile[data-place=hidden] video[data-picture=remote]"));
}

#[wasm_bindgen_test]
async fn the_small_picture_is_moved_by_the_arrow_keys() {
    let page = calls(Screen::Room(room(Link::Connected, SEEN))).await;
    let mut machine = machine(&[1]);
    arranged(&page, &machine).await;
    page.find(".tile[data-place=corner]").unchecked_into::<HtmlElement>().focus().unwrap();
    press("ArrowLeft");
    let input = page.recorder.arranged.borrow().last().cloned().unwrap();
    assert!(matches!(input, Input::Drop { x: 0, .. }), "{input:?}");
    machine.handle(input);
    assert_eq!(machine.layout().tiles[1].rect.x, 12, "to the left");
}

#[wasm_bindgen_test]
async fn a_tile_is_pinned_and_let_go() {
    let page = calls(Screen::Room(three())).await;
    arranged(&page, &machine(&[1, 2])).await;
    page.button("Pin Ben").click();
    let ben = Some(TileId::camera(device(2)));
    assert!(page.recorder.arranged.borrow().contains(&Input::Pin(ben)));
    let stage = StageView { pinned: ben, ..page.stage() };
    page.view.stage().set(stage);
    settle().await;
    page.button("Unpin Ben").click();
    assert!(page.recorder.arranged.borrow().contains(&Input::Pin(None)));
}

#[wasm_bindgen_test]
async fn a_speaker_has_a_ring_and_an_icon() {
    let page = calls(Screen::Room(three())).await;
    arranged(&page, &machine(&[1, 2])).await;
    assert!(!page.has(".tile[data-speaks=true]"));
    page.view.stage().set(StageView { ringed: vec![device(2)], ..page.stage() });
    settle().await;
    assert!(page.has(".tile[data-speaks=true] .tile-name svg"));
}

#[wasm_bindgen_test]
async fn a_weak_connection_among_several_is_marked_on_its_tile() {
    let page = calls(Screen::Room(three())).await;
    arranged(&page, &machine(&[1, 2])).await;
    let link = |n, score| LinkQuality { device: device(n), score, now: reading(), past: Vec::new() };
    page.extras().links().set(vec![link(1, Score::Good), link(2, Score::Poor)]);
    settle().await;
    let badge = page.find(".tile-badge");
    assert_eq!(badge.text_content().as_deref(), Some("Weak connection"));
    let tile = badge.closest(".tile").unwrap().unwrap().text_content().unwrap_or_default();
    assert!(tile.contains("Ben"), "{tile}");
    let own = Indicator { score: Score::Poor, side: Side::OwnDownlink, action: None };
    page.extras().indicator().set(Some(own));
    settle().await;
    assert!(!page.has(".tile-badge"), "the bar tells that it is the own one");
    page.extras().indicator().set(None);
    page.extras().links().set(vec![link(1, Score::Good), link(2, Score::Good)]);
    settle().await;
    assert!(!page.has(".tile-badge"), "it is good again");
    page.show(Screen::Room(room(Link::Connected, SEEN))).await;
    page.extras().links().set(vec![link(1, Score::Poor)]);
    settle().await;
    assert!(!page.has(".tile-badge"), "of two, the bar above tells it");
}

#[wasm_bindgen_test]
async fn the_self_view_has_a_ring_while_this_person_speaks() {
    let page = calls(Screen::Room(three())).await;
    page.view.mic().set(Capture::On);
    arranged(&page, &machine(&[1, 2])).await;
    page.view.stage().set(StageView { ringed: vec![device(9)], ..page.stage() });
    settle().await;
    assert!(page.has(".tile[data-speaks=true] .own-picture .tile-name svg"));
    assert!(!page.has(".tile[data-speaks=true] [data-picture=remote]"), "nobody else speaks");
    page.view.stage().set(StageView { ringed: Vec::new(), ..page.stage() });
    settle().await;
    assert!(!page.has(".tile[data-speaks=true]") && !page.has(".own-picture .tile-name svg"));
}

#[wasm_bindgen_test]
async fn a_person_whose_camera_is_refused_is_drawn_and_still_heard() {
    let page = calls(Screen::Room(room(Link::Connected, SEEN))).await;
    let remote = page.find("[data-picture=remote]");
    page.extras().refuses_cameras().set(true);
    settle().await;
    assert_eq!(remote.get_attribute("data-shown").as_deref(), Some("false"));
    assert!(page.has(".tile .avatar") && page.text().contains("Others’ cameras are off for you."));
    page.button("Show them again").click();
    assert_eq!(*page.recorder.asked.borrow(), [Ask::RefuseCameras(false)]);
    page.extras().refuses_cameras().set(false);
    settle().await;
    assert_eq!(page.find("[data-picture=remote]"), remote, "it is the same element that plays the sound");
    assert_eq!(remote.get_attribute("data-shown").as_deref(), Some("true"));
    assert!(!page.has_button("Show them again"));
}
