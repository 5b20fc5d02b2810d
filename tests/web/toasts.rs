//! Toasts: one list for the page and the room, in one polite live region.

use super::support::{CallStand, button, calls, mount, room, settle};
use leptos::prelude::*;
use parley::{
    call::view::Link,
    components::kit::toasts::{ToastList, Toasts},
    platform,
};
use parley_core::{
    notices::{Input, Kind},
    phone::Screen,
    speakers::Hint,
};
use parley_protocol::call::OwnMedia;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn toasts_of_page_and_room_share_one_region_and_errors_stay() {
    let toasts = Rc::new(RefCell::new(None));
    let out = Rc::clone(&toasts);
    let stand = mount(move || {
        let toasts = Toasts::new();
        out.borrow_mut().replace(toasts);
        provide_context(toasts);
        ToastList()
    });
    let toasts: Toasts = toasts.borrow_mut().take().unwrap();
    assert!(platform::is_visible(), "toasts stay while the page is hidden");
    toasts.fail("That name is taken.");
    toasts.say("Saved");
    toasts.say("Copied");
    toasts.tell(2, Input::Hint(Hint::YouAreMuted));
    settle().await;
    let regions = stand.root.query_selector_all("[role=status], [aria-live]").unwrap();
    assert_eq!(regions.length(), 1);
    let lines = || {
        let all = stand.root.query_selector_all(".toasts p").unwrap();
        (0..all.length()).filter_map(|at| all.item(at)?.text_content()).collect::<Vec<_>>()
    };
    let muted = "You are muted. Press M to unmute, or hold Space to talk.";
    assert_eq!(lines(), ["That name is taken.", "Copied", muted], "three at most, and the error is one");
    assert!(stand.root.query_selector(".toast[data-tone=error]").unwrap().is_some());
    toasts.tell(0, Input::NewRoom);
    settle().await;
    assert_eq!(lines(), ["That name is taken.", "Copied"]);
    button(&stand.root, "Dismiss").unwrap().click();
    settle().await;
    assert_eq!(lines(), ["Copied"]);
    assert!(toasts.shown().with_untracked(|shown| shown[0].kind == Kind::Said("Copied".into())));
}

#[wasm_bindgen_test]
async fn a_room_has_no_toast_region_of_its_own() {
    let page: CallStand = calls(Screen::Room(room(Link::Connected, OwnMedia::default()))).await;
    let regions = page.stand.root.query_selector_all(".toasts").unwrap();
    assert_eq!(regions.length(), 1);
    assert!(!page.has(".call-room .toasts"));
}
