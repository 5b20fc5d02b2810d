//! Lazily loaded parts of the page: parts that come late or never, and requests to the call driver before it
//! is loaded.

use super::support::{Recorder, button, mount, settle};
use leptos::prelude::*;
use parley::{
    call::{handle::CallHandle, view::CallView},
    components::kit::part_missing::PartMissing,
    lazy::{Later, Missing, Part},
};
use parley_core::phone::Intent;
use parley_protocol::{ConversationId, UserId, call::CallType, people::UserSummary};
use reactive_stores::Store;
use std::{
    cell::{Cell, RefCell},
    future::pending,
    rc::Rc,
};
use uuid::Uuid;
use wasm_bindgen_test::wasm_bindgen_test;

thread_local! {
    /// The results of the attempts to load, in order.
    static LOADS: RefCell<Vec<Load>> = const { RefCell::new(Vec::new()) };
    /// The number of times that the part was made.
    static MADE: Cell<u32> = const { Cell::new(0) };
}

/// The result of one attempt to load the part.
#[derive(Clone, Copy)]
enum Load {
    AtOnce,
    Fails,
    Never,
    AfterAMoment,
}

const GREETING: Part<&'static str> =
    Part { load, make, missing: |retry| view! { <PartMissing retry /> }.into_any() };

fn load() -> Later<()> {
    let load = LOADS.with_borrow_mut(|loads| loads.remove(0));
    Box::pin(async move {
        match load {
            Load::AtOnce => Ok(()),
            Load::Fails => Err(Missing),
            Load::Never => pending().await,
            Load::AfterAMoment => {
                leptos::task::tick().await;
                Ok(())
            }
        }
    })
}

fn make(text: &'static str) -> Later<AnyView> {
    MADE.set(MADE.get() + 1);
    Box::pin(async move { Ok(view! { <p class="greeting">{text}</p> }.into_any()) })
}

/// Sets the results of the next attempts.
fn loads(loads: &[Load]) {
    LOADS.set(loads.to_vec());
    MADE.set(0);
}

#[wasm_bindgen_test]
fn a_loaded_part_is_shown_without_a_gap() {
    loads(&[Load::AtOnce]);
    let page = mount(|| GREETING.show("Hello"));
    assert_eq!(page.root.text_content().as_deref(), Some("Hello"));
    assert_eq!(MADE.get(), 1);
}

#[wasm_bindgen_test]
async fn a_part_is_shown_once_it_has_come() {
    loads(&[Load::AfterAMoment]);
    let page = mount(|| GREETING.show("Hello"));
    assert_eq!(page.root.text_content().as_deref(), Some(""));
    settle().await;
    assert_eq!(page.root.text_content().as_deref(), Some("Hello"));
    assert_eq!(MADE.get(), 1);
}

#[wasm_bindgen_test]
async fn a_part_that_is_loading_is_busy_and_not_missing() {
    loads(&[Load::Never]);
    let page = mount(|| GREETING.show("Hello"));
    settle().await;
    assert!(page.root.query_selector("[aria-busy=true]").unwrap().is_some());
    assert!(page.root.query_selector("[role=alert]").unwrap().is_none());
}

#[wasm_bindgen_test]
async fn a_part_that_cannot_be_loaded_says_so_and_can_be_tried_again() {
    loads(&[Load::Fails, Load::Fails, Load::AtOnce]);
    let page = mount(|| GREETING.show("Hello"));
    settle().await;
    for _ in 0..2 {
        assert!(page.root.query_selector("[role=alert]").unwrap().is_some());
        assert!(button(&page.root, "Reload the page").is_some());
        button(&page.root, "Try again").unwrap().click();
        settle().await;
    }
    assert!(page.root.query_selector("[role=alert]").unwrap().is_none());
    assert_eq!(page.root.text_content().as_deref(), Some("Hello"));
}

#[wasm_bindgen_test]
async fn a_request_before_the_driver_is_loaded_reaches_it_once() {
    let out = Rc::new(Cell::new(None));
    let into = Rc::clone(&out);
    let _page = mount(move || into.set(Some(CallHandle::waiting(Store::new(CallView::default())))));
    let handle = out.get().unwrap();
    let with = UserSummary::named(UserId(Uuid::from_u128(7)), "Ana");
    handle.start(ConversationId(Uuid::from_u128(2)), with, CallType::Audio);
    let behind = Rc::new(Recorder::default());
    handle.attach(behind.clone());
    handle.toggle_mic();
    let asked = behind.intents.borrow();
    assert!(matches!(asked[..], [Intent::Start { .. }, Intent::ToggleMic]), "{asked:?}");
}
