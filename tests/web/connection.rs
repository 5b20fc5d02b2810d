//! Connection quality on the page: the warning with its remedy, the details, and the report after the call.

use super::support::{CallStand, calls, device, over, reading, room, settle};
use leptos::prelude::*;
use parley::{
    call::{
        extras::view::{After, LinkQuality, Point, RoomExtrasViewStoreFields},
        handle::Ask,
        view::{CallViewStoreFields, Link},
    },
    components::kit::plot::line,
};
use parley_core::{
    phone::{Capture, Outcome, Screen},
    quality::{Action, CallReport, Indicator, Measure, Score, Side, Trouble, Wrong},
};
use parley_protocol::{CallId, call::OwnMedia};
use uuid::Uuid;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

/// Returns a connected call with the camera on.
async fn talking() -> CallStand {
    let page = calls(Screen::Room(room(Link::Connected, OwnMedia::default()))).await;
    page.view.camera().set(Capture::On);
    settle().await;
    page
}

#[wasm_bindgen_test]
async fn a_weak_connection_is_shown_with_one_remedy() {
    let page = talking().await;
    assert!(!page.text().contains("weak"));
    let indicator =
        Indicator { score: Score::Poor, side: Side::OwnUplink, action: Some(Action::TurnOffVideo) };
    page.extras().indicator().set(Some(indicator));
    settle().await;
    assert_eq!(
        page.find(".connection [role=status]").text_content().as_deref(),
        Some("Your connection is weak")
    );
    page.button("Turn off my camera").click();
    assert_eq!(*page.recorder.asked.borrow(), [Ask::SpareCamera]);
    page.view.camera().set(Capture::Off);
    settle().await;
    assert!(!page.has_button("Turn off my camera"), "it is off already");
    page.extras().indicator().set(None);
    settle().await;
    assert!(!page.text().contains("weak"));
}

#[wasm_bindgen_test]
async fn the_offer_is_the_remedy_that_would_help() {
    let page = talking().await;
    let offer = async |side, action| {
        page.recorder.asked.borrow_mut().clear();
        page.extras().indicator().set(Some(Indicator { score: Score::Poor, side, action: Some(action) }));
        settle().await;
    };
    offer(Side::Theirs, Action::RefuseVideo).await;
    page.button("Turn off others’ cameras for me").click();
    assert_eq!(*page.recorder.asked.borrow(), [Ask::RefuseCameras(true)]);
    offer(Side::Between, Action::AudioOnly).await;
    page.button("Audio only").click();
    assert_eq!(*page.recorder.asked.borrow(), [Ask::SoundOnly]);
    page.extras().refuses_cameras().set(true);
    page.view.camera().set(Capture::Off);
    settle().await;
    assert!(!page.has_button("Audio only"), "it is so already");
}

#[wasm_bindgen_test]
async fn the_cameras_of_others_have_a_switch_among_the_details() {
    let page = talking().await;
    page.button("Connection details").click();
    settle().await;
    let switch: HtmlElement = page.find(".connection-panel [role=switch]").unchecked_into();
    assert_eq!(switch.get_attribute("aria-checked").as_deref(), Some("true"));
    switch.click();
    assert_eq!(*page.recorder.asked.borrow(), [Ask::RefuseCameras(true)]);
}

#[wasm_bindgen_test]
async fn a_call_that_reconnects_says_so_once() {
    let page = talking().await;
    page.extras().indicator().set(Some(Indicator { score: Score::Poor, side: Side::Between, action: None }));
    page.show(Screen::Room(room(Link::Reconnecting, OwnMedia::default()))).await;
    assert!(page.text().contains("Reconnecting…"));
    assert!(!page.text().contains("weak"));
}

#[wasm_bindgen_test]
async fn details_open_and_close_and_name_the_other() {
    let page = talking().await;
    page.button("Connection details").click();
    settle().await;
    assert!(page.text().contains("No measurements yet."));
    let reading = reading();
    page.extras().links().set(vec![LinkQuality {
        device: device(1),
        score: Score::Good,
        now: reading,
        past: vec![point(0, 80)],
    }]);
    settle().await;
    assert_eq!(page.find(".connection-details h3").text_content().as_deref(), Some("AnaGood"));
    let plot = page.find(".plot svg").get_attribute("aria-label");
    assert_eq!(plot.as_deref(), Some("Round trip over the last few minutes: 80 ms now, 80 ms at most"));
    let close: HtmlElement = page.find(".room-panel-head button").unchecked_into();
    assert_eq!(close.get_attribute("aria-label").as_deref(), Some("Close"));
    close.click();
    settle().await;
    assert!(!page.has(".room-panel"));
}

#[wasm_bindgen_test]
fn a_plot_ends_at_the_newest_and_has_gaps_where_nothing_was_measured() {
    let rtt = |point: &Point| point.rtt_ms;
    assert_eq!(line(&[], rtt), "");
    assert_eq!(line(&[point(0, 10), point(2_000, 20)], rtt), "M298 25L300 3");
    assert_eq!(line(&[point(0, 10), point(60_000, 10)], rtt), "M240 3M300 3");
    let unknown = Point { rtt_ms: None, ..point(2_000, 0) };
    assert_eq!(line(&[point(0, 10), unknown, point(4_000, 10)], rtt), "M296 3M300 3");
}

#[wasm_bindgen_test]
async fn the_end_screen_reports_troubles_and_asks_for_a_rating() {
    let page = calls(Screen::Room(room(Link::Connected, OwnMedia::default()))).await;
    let report = CallReport {
        seconds: 764,
        usual: Some(Score::Good),
        troubles: vec![Trouble { wrong: Wrong::Loss, side: Side::Theirs, seconds: 42 }],
        measures: vec![(Measure::VideoTurnedOff, 1)],
    };
    page.extras().after().set(Some(After { call_id: CallId(Uuid::from_u128(1)), report }));
    page.show(over(Outcome::Ended, Some(764))).await;
    let text = page.text();
    assert!(text.contains("The connection was good."), "{text}");
    assert!(text.contains("missing for 0:42 (on their side)."), "{text}");
    assert!(text.contains("Your camera was turned off"), "{text}");
    assert!(page.has("input[type=radio][aria-label='5 stars']"));
    // A call that was never connected is not rated.
    page.show(Screen::Idle).await;
    page.show(over(Outcome::NoAnswer, None)).await;
    assert!(!page.has("input[type=radio]"));
}

fn point(at_ms: u64, rtt_ms: u32) -> Point {
    Point { at_ms, rtt_ms: Some(rtt_ms), loss: None, jitter_ms: None, down_kbps: 0, up_kbps: 0 }
}
