//! Somebody rings: the card, its names, and the keyboard.

use super::support::{calls, incoming, mount, press, settle};
use leptos::prelude::*;
use parley_core::phone::{Intent, Screen};
use parley_protocol::call::CallType;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

const WITH_VIDEO: Intent = Intent::Answer { with_video: true };

#[wasm_bindgen_test]
async fn a_video_call_names_itself_and_offers_three_ways() {
    let page = calls(incoming(CallType::Video)).await;
    let card = page.find("[role=alertdialog]");
    assert_eq!(card.get_attribute("aria-label").as_deref(), Some("Incoming video call from Ana"));
    page.button("Answer").click();
    page.button("Answer without video").click();
    page.button("Decline").click();
    assert_eq!(page.intents(), [WITH_VIDEO, Intent::Answer { with_video: false }, Intent::Decline]);
}

#[wasm_bindgen_test]
async fn an_audio_call_has_no_video_to_leave_out() {
    let page = calls(incoming(CallType::Audio)).await;
    let card = page.find("[role=alertdialog]");
    assert_eq!(card.get_attribute("aria-label").as_deref(), Some("Incoming audio call from Ana"));
    assert!(!page.has_button("Answer without video"));
    page.button("Answer").click();
    assert_eq!(page.intents(), [Intent::Answer { with_video: false }]);
}

#[wasm_bindgen_test]
async fn the_keyboard_is_on_answer_and_enter_answers_once() {
    let page = calls(incoming(CallType::Video)).await;
    let focused = document().active_element().unwrap();
    assert_eq!(focused.text_content().as_deref(), Some("Answer"));
    focused.unchecked_into::<HtmlElement>().blur().unwrap();
    press("Enter");
    assert_eq!(page.intents(), [WITH_VIDEO]);
}

#[wasm_bindgen_test]
async fn enter_on_another_button_does_not_answer() {
    let page = calls(incoming(CallType::Video)).await;
    page.button("Decline").focus().unwrap();
    press("Enter");
    assert_eq!(page.intents(), []);
}

#[wasm_bindgen_test]
async fn escape_declines() {
    let page = calls(incoming(CallType::Video)).await;
    press("Escape");
    assert_eq!(page.intents(), [Intent::Decline]);
}

#[wasm_bindgen_test]
async fn keys_mean_nothing_once_the_card_is_gone() {
    let page = calls(incoming(CallType::Video)).await;
    page.show(Screen::Idle).await;
    press("Enter");
    press("Escape");
    assert_eq!(page.intents(), []);
}

#[wasm_bindgen_test]
async fn who_is_typing_does_not_answer_by_the_next_enter() {
    let _draft = mount(|| view! { <textarea class="draft"></textarea> });
    let field: HtmlElement = document().query_selector(".draft").unwrap().unwrap().unchecked_into();
    field.focus().unwrap();
    let page = calls(incoming(CallType::Video)).await;
    press("Enter");
    assert_eq!(page.intents(), []);
}

#[wasm_bindgen_test]
async fn the_keyboard_returns_to_where_it_was() {
    let _rest = mount(|| view! { <button class="before">"Before"</button> });
    let before: HtmlElement = document().query_selector(".before").unwrap().unwrap().unchecked_into();
    let page = calls(Screen::Idle).await;
    before.focus().unwrap();
    page.show(incoming(CallType::Video)).await;
    assert_ne!(document().active_element().as_ref(), Some(before.as_ref()));
    page.show(Screen::Idle).await;
    settle().await;
    assert_eq!(document().active_element().as_ref(), Some(before.as_ref()));
}
