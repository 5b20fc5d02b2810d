//! The incoming call: the card, its names and its keys.

use super::support::{ana, calls, calls_with, incoming, mount, press, room, settle, submit, type_into};
use futures::{StreamExt, channel::mpsc};
use leptos::prelude::*;
use parley::{
    call::view::{CallViewStoreFields, Link},
    state::inbox::{Inbox, UnsentState},
};
use parley_core::phone::{Intent, Screen};
use parley_protocol::{
    ConversationId,
    call::{CallType, OwnMedia},
};
use uuid::Uuid;
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
async fn an_answered_card_says_that_it_connects_and_has_a_way_out() {
    let page = calls(incoming(CallType::Video)).await;
    assert_eq!(page.find("[role=status]").text_content().as_deref(), Some("Incoming video call"));
    page.view.connects().set(true);
    settle().await;
    assert_eq!(page.find("[role=status]").text_content().as_deref(), Some("Connecting…"));
    let card = page.find("[role=alertdialog]");
    assert_eq!(card.get_attribute("data-connects").as_deref(), Some("true"));
    assert!(card.is_same_node(document().active_element().as_deref()), "the keyboard is not lost");
    press("Enter");
    assert_eq!(page.intents(), []);
    press("Escape");
    assert_eq!(page.intents(), [Intent::Leave], "there is a way out");
}

#[wasm_bindgen_test]
async fn keys_do_nothing_once_the_card_is_gone() {
    let page = calls(incoming(CallType::Video)).await;
    page.show(Screen::Idle).await;
    press("Enter");
    press("Escape");
    assert_eq!(page.intents(), []);
}

#[wasm_bindgen_test]
async fn the_enter_key_of_a_typing_person_does_not_answer() {
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

#[wasm_bindgen_test]
async fn a_call_is_declined_with_a_ready_message_or_an_own_one() {
    let page = calls(incoming(CallType::Video)).await;
    page.button("Decline with a message").click();
    settle().await;
    press("Enter");
    assert_eq!(page.intents(), [], "Enter does not answer while a message is chosen");
    page.button("I’m on my way.").click();
    assert_eq!(page.intents(), [Intent::Decline]);

    let page = calls(incoming(CallType::Audio)).await;
    page.button("Decline with a message").click();
    settle().await;
    submit(&page.stand.root);
    assert_eq!(page.intents(), [], "without a word there is nothing to send");
    type_into(&page.find(".decline-words input"), " In the train ");
    submit(&page.stand.root);
    assert_eq!(page.intents(), [Intent::Decline]);
}

#[wasm_bindgen_test]
async fn escape_goes_back_from_the_words_before_it_declines() {
    let page = calls(incoming(CallType::Video)).await;
    page.button("Decline with a message").click();
    settle().await;
    press("Escape");
    settle().await;
    assert!(!page.has_button("I’m on my way."));
    assert_eq!(page.intents(), []);
    let focused = document().active_element().unwrap();
    assert_eq!(focused.text_content().as_deref(), Some("Decline with a message"));
    press("Escape");
    assert_eq!(page.intents(), [Intent::Decline]);
}

/// Declines with a message that cannot be sent, because there is no server behind this page.
#[wasm_bindgen_test]
async fn an_unsent_reply_is_reported_and_kept_in_the_conversation() {
    let (sender, mut unsent) = mpsc::unbounded();
    let page = calls_with(incoming(CallType::Audio), move || {
        let inbox = Inbox::new(ana());
        provide_context(inbox);
        let waiting = inbox.thread(ConversationId(Uuid::from_u128(2))).unsent();
        Effect::new(move |_| {
            for unsent in waiting.get() {
                sender.unbounded_send(unsent).unwrap();
            }
        });
    })
    .await;
    page.button("Decline with a message").click();
    settle().await;
    page.button("I’ll call you back.").click();
    assert_eq!(page.intents(), [Intent::Decline], "the call is declined even if the message is not sent");
    page.show(Screen::Idle).await;
    let kept = unsent.next().await.unwrap();
    assert_eq!(kept.text, "I’ll call you back.");
    assert!(matches!(kept.state, UnsentState::Failed(_)));
    settle().await;
    assert!(page.text().contains("Your message to Ana wasn’t sent."), "{}", page.text());
}

#[wasm_bindgen_test]
async fn a_call_that_waits_is_declined_with_words_too() {
    let page = calls(Screen::Room(room(Link::Connected, OwnMedia::default()))).await;
    let Screen::Incoming(call) = incoming(CallType::Audio) else { unreachable!() };
    page.view.waiting().set(Some(call));
    settle().await;
    page.button("Decline with a message").click();
    settle().await;
    press("Escape");
    settle().await;
    assert!(!page.has_button("Please try again in ten minutes."), "back without a word");
    page.button("Decline with a message").click();
    settle().await;
    page.button("Please try again in ten minutes.").click();
    assert_eq!(page.intents(), [Intent::DeclineWaiting]);
}
