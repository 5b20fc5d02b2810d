//! The screens of a call: one for each phase, with video elements that live as long as what they show.

use super::support::{CallStand, calls, device, outgoing, over, room};
use leptos::prelude::*;
use parley::call::{
    handle::Picture,
    view::{CallViewStoreFields, Link, Stage},
};
use parley_core::phone::{Capture, Intent, MediaFault, Outcome, Screen};
use parley_protocol::{ErrorCode, call::OwnMedia};
use wasm_bindgen_test::wasm_bindgen_test;

/// Media of somebody who is seen and heard.
const SEEN: OwnMedia = OwnMedia { muted: false, video: true, screen: false, hand: false };

#[wasm_bindgen_test]
async fn the_calling_screen_tells_how_far_the_call_has_come() {
    let page = calls(outgoing(Stage::Calling)).await;
    let dialog = page.find("[role=dialog]");
    assert_eq!(dialog.get_attribute("aria-label").as_deref(), Some("Calling Ana"));
    assert_eq!(page.find("[role=dialog] [role=status]").text_content().as_deref(), Some("Calling…"));
    page.show(outgoing(Stage::Ringing)).await;
    assert_eq!(page.find("[role=dialog] [role=status]").text_content().as_deref(), Some("Ringing…"));
    page.button("Cancel call").click();
    assert_eq!(page.intents(), [Intent::Leave]);
}

#[wasm_bindgen_test]
async fn the_room_has_its_names_its_clock_and_its_controls() {
    let page = calls(Screen::Room(room(Link::Connected, SEEN))).await;
    page.view.mic().set(Capture::On);
    page.view.camera().set(Capture::On);
    leptos::task::tick().await;
    let region = page.find("main");
    assert_eq!(region.get_attribute("aria-label").as_deref(), Some("Call with Ana"));
    assert_eq!(page.find("[role=timer]").text_content().as_deref(), Some("12:44"));
    page.button("Mute microphone").click();
    page.button("Turn camera off").click();
    page.button("Leave call").click();
    assert_eq!(page.intents(), [Intent::ToggleMic, Intent::ToggleCamera, Intent::Leave]);
}

#[wasm_bindgen_test]
async fn switches_are_named_by_what_they_would_do() {
    let page = calls(Screen::Room(room(Link::Connected, SEEN))).await;
    let pressed = |page: &CallStand, name: &str| page.button(name).get_attribute("aria-pressed");
    assert_eq!(pressed(&page, "Unmute microphone").as_deref(), Some("true"));
    assert_eq!(pressed(&page, "Turn camera on").as_deref(), Some("true"));
    page.view.mic().set(Capture::On);
    page.view.camera().set(Capture::Starting);
    leptos::task::tick().await;
    assert_eq!(pressed(&page, "Mute microphone").as_deref(), Some("false"));
    assert_eq!(pressed(&page, "Turn camera off").as_deref(), Some("false"));
}

#[wasm_bindgen_test]
async fn the_link_status_speaks_only_of_trouble() {
    let page = calls(Screen::Room(room(Link::Connecting, SEEN))).await;
    let said = |page: &CallStand| page.find(".call-link[role=status]").text_content();
    assert_eq!(said(&page).as_deref(), Some("Connecting…"));
    page.show(Screen::Room(room(Link::Connected, SEEN))).await;
    assert_eq!(said(&page).as_deref(), Some(""));
    page.show(Screen::Room(room(Link::Reconnecting, SEEN))).await;
    assert_eq!(said(&page).as_deref(), Some("Reconnecting…"));
}

#[wasm_bindgen_test]
async fn pictures_stay_the_same_elements_while_all_around_them_changes() {
    let page = calls(Screen::Room(room(Link::Connecting, SEEN))).await;
    let (remote, own) = (page.find("[data-picture=remote]"), page.find("[data-picture=own]"));
    let changes = [
        room(Link::Connected, SEEN),
        room(Link::Connected, OwnMedia { muted: true, video: true, ..OwnMedia::default() }),
        room(Link::Reconnecting, OwnMedia { muted: true, video: false, ..OwnMedia::default() }),
        room(Link::Connected, SEEN),
    ];
    for change in changes {
        page.show(Screen::Room(change)).await;
        page.view.mic().set(Capture::Off);
        page.view.camera().set(Capture::On);
        leptos::task::tick().await;
        assert_eq!(page.find("[data-picture=remote]"), remote);
        assert_eq!(page.find("[data-picture=own]"), own);
    }
    let shown = page.recorder.shown.borrow().clone();
    assert_eq!(shown.len(), 2, "each is shown once: {shown:?}");
    assert!(shown.contains(&Picture::Own) && shown.contains(&Picture::Remote(device(1))));
    page.show(Screen::Idle).await;
    assert_eq!(page.recorder.hidden.borrow().len(), 2, "an element that has left the page plays nothing");
}

#[wasm_bindgen_test]
async fn a_muted_person_without_a_picture_has_a_label_and_an_avatar() {
    let page = calls(Screen::Room(room(Link::Connected, SEEN))).await;
    assert!(!page.text().contains("Ana is muted"));
    assert!(
        page.has(".tile > .tile-person:has(.avatar) + video[data-shown=true]"),
        "drawn under the picture"
    );
    page.show(Screen::Room(room(
        Link::Connected,
        OwnMedia { muted: true, video: false, ..OwnMedia::default() },
    )))
    .await;
    assert!(page.text().contains("Ana is muted"));
    assert!(page.has(".tile .avatar"));
}

#[wasm_bindgen_test]
async fn devices_that_fail_say_which_and_why() {
    let faults = [
        (MediaFault::NotFound, "not found"),
        (MediaFault::Denied, "blocked"),
        (MediaFault::InUse, "in use"),
        (MediaFault::Other, "doesn’t start"),
    ];
    for (fault, reason) in faults {
        let page = calls(Screen::Room(room(Link::Connected, SEEN))).await;
        page.view.mic().set(Capture::On);
        page.view.camera().set(Capture::Failed(fault));
        leptos::task::tick().await;
        let text = page.text();
        assert!(text.contains(&format!("Camera {reason}")), "{text}");
        assert!(!text.contains(&format!("Microphone {reason}")), "{text}");
        assert!(page.has_button("Turn camera on"));
    }
}

#[wasm_bindgen_test]
async fn every_end_that_needs_a_screen_has_its_words() {
    let ends = [
        (Outcome::Ended, "Call ended"),
        (Outcome::Declined, "Declined"),
        (Outcome::NoAnswer, "No answer"),
        (Outcome::Busy, "Busy"),
        (Outcome::Failed, "Connection lost"),
        (Outcome::Refused(None), "Couldn’t call"),
        (Outcome::Refused(Some(ErrorCode::RateLimited)), "Couldn’t call"),
    ];
    for (outcome, heading) in ends {
        let page = calls(over(outcome, Some(764))).await;
        assert_eq!(page.find("[role=dialog] h1").text_content().as_deref(), Some(heading));
        assert!(page.text().contains("12:44"));
        page.button("Call again").click();
        page.button("Close").click();
        assert_eq!(page.intents(), [Intent::Again, Intent::Dismiss]);
    }
}

#[wasm_bindgen_test]
async fn a_call_is_not_offered_again_where_calls_are_disabled() {
    let page = calls(over(Outcome::Refused(Some(ErrorCode::CallsDisabled)), None)).await;
    assert!(!page.has_button("Call again"));
    assert!(page.has_button("Close"));
}

#[wasm_bindgen_test]
async fn ends_that_need_no_screen_become_a_toast() {
    let ends = [
        (Outcome::Missed, "Missed call from Ana"),
        (Outcome::Canceled, "Missed call from Ana"),
        (Outcome::AnsweredElsewhere, "Answered on another device"),
        (Outcome::DeclinedElsewhere, "Declined on another device"),
    ];
    for (outcome, news) in ends {
        let page = calls(over(outcome, None)).await;
        assert!(!page.has("[role=dialog]"));
        assert_eq!(page.find("[role=status].toasts p").text_content().as_deref(), Some(news));
        assert_eq!(page.intents(), [Intent::Dismiss]);
    }
}
