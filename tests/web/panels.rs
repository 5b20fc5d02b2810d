//! The panels and actions of a room: moderation, push-to-talk, reactions, screen sharing, layout and menus.

use super::support::{CallStand, ana, calls, device, press, room, settle};
use leptos::prelude::*;
use parley::{
    call::{
        extras::view::{Reacted, RoomExtrasViewStoreFields, Sharing},
        handle::Ask,
        view::{CallViewStoreFields, Link, Person, Room, Seat, StageView},
    },
    components::call::people_actions::{Act, allowed},
};
use parley_core::{
    layout::{self, Input, View},
    phone::Screen,
    talk,
};
use parley_protocol::{
    UserId,
    call::{CallMode, OwnMedia, Role},
    data::Reaction,
    people::UserSummary,
};
use uuid::Uuid;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

async fn talking() -> CallStand {
    calls(Screen::Room(room(Link::Connected, OwnMedia::default()))).await
}

fn person(n: u128, role: Role, is_me: bool) -> Person {
    Person {
        user: UserSummary::named(UserId(Uuid::from_u128(n)), format!("Person {n}")),
        is_me,
        role,
        seat: Seat::Here { device_id: device(n), link: Link::Connected },
        media: OwnMedia::default(),
    }
}

fn group(me: Role, other: Role) -> Room {
    let people = vec![person(8, me, true), person(9, other, false)];
    Room { mode: CallMode::Group, people, ..room(Link::Connected, OwnMedia::default()) }
}

#[wasm_bindgen_test]
fn hosts_may_do_what_the_server_allows() {
    use Role::{CoHost, Host, Participant};
    let acts = |me, other| {
        let room = group(me, other);
        allowed(&room, &room.people[1])
    };
    assert_eq!(acts(Host, Participant), [Act::Mute, Act::Become(Host), Act::Become(CoHost), Act::Remove]);
    assert_eq!(acts(Host, CoHost), [Act::Mute, Act::Become(Host), Act::Become(Participant), Act::Remove]);
    assert_eq!(acts(CoHost, Participant), [Act::Mute, Act::Remove]);
    assert_eq!(acts(CoHost, CoHost), [Act::Mute]);
    assert_eq!(acts(CoHost, Host), []);
    assert_eq!(acts(Participant, Host), []);
    // A muted person is not muted again, nobody moderates themselves, and a direct call has no moderation.
    let mut room = group(Host, Participant);
    room.people[1].media.muted = true;
    assert!(!allowed(&room, &room.people[1]).contains(&Act::Mute));
    assert_eq!(allowed(&room, &room.people[0]), []);
    room.mode = CallMode::Direct;
    assert_eq!(allowed(&room, &room.people[1]), []);
}

#[wasm_bindgen_test]
async fn space_is_a_press_unless_it_means_something_where_the_keyboard_is() {
    let page = talking().await;
    press(" ");
    assert_eq!(*page.recorder.asked.borrow(), [Ask::Talk(talk::Input::Press { repeat: false })]);
    page.recorder.asked.borrow_mut().clear();
    page.button("Chat").focus().unwrap();
    press(" ");
    assert_eq!(*page.recorder.asked.borrow(), [], "a button is pressed by it");
}

#[wasm_bindgen_test]
async fn a_held_talk_key_is_announced() {
    let page = talking().await;
    page.extras().held().set(true);
    settle().await;
    assert!(page.text().contains("Others can hear you while you hold Space."));
    page.extras().held().set(false);
    settle().await;
    assert!(!page.text().contains("Others can hear you"));
}

#[wasm_bindgen_test]
async fn reactions_are_sent_and_shown_with_their_names() {
    let page = talking().await;
    page.button("React or raise hand").click();
    settle().await;
    page.button("Applause").click();
    assert_eq!(*page.recorder.asked.borrow(), [Ask::React(Reaction::Clap)]);
    let reacted = Reacted { number: 1, from: Some(device(1)), reaction: Reaction::Love };
    page.extras().reactions().set(vec![reacted]);
    settle().await;
    let shown = page.find(".floating-reactions");
    assert_eq!(shown.text_content().as_deref(), Some("❤️Ana"));
    assert_eq!(
        page.find(".floating-reactions [role=img]").get_attribute("aria-label").as_deref(),
        Some("Heart")
    );
}

#[wasm_bindgen_test]
async fn people_are_named_with_what_they_do() {
    let page = talking().await;
    page.button("People in this call").click();
    settle().await;
    assert!(page.text().contains("Ana"));
    assert!(page.has("input[type=range][aria-label='Ana’s volume']"));
    assert!(!page.has_button("End the call for everyone"), "of two, either just leaves");
    let mut raised = room(Link::Connected, OwnMedia { hand: true, ..OwnMedia::default() });
    raised.with = ana();
    page.show(Screen::Room(raised)).await;
    assert!(page.has(".people-row [role=img][aria-label='Hand raised']"));
    assert!(page.text().contains("Ana: hand raised"));
}

#[wasm_bindgen_test]
async fn one_panel_is_open_at_a_time() {
    let page = talking().await;
    page.button("People in this call").click();
    settle().await;
    page.button("Connection details").click();
    settle().await;
    assert_eq!(page.find(".room-panel").get_attribute("aria-label").as_deref(), Some("Connection details"));
    page.button("Connection details").click();
    settle().await;
    assert!(!page.has(".room-panel"));
}

#[wasm_bindgen_test]
async fn sharing_mentions_a_sound_that_is_left_out() {
    let page = talking().await;
    page.extras().sharing().set(Sharing::On { silenced: true });
    settle().await;
    assert!(page.text().contains("You are sharing your screen. Its sound isn’t shared"));
    page.extras().sharing().set(Sharing::Failed);
    settle().await;
    assert!(page.text().contains("Couldn’t share your screen."));
    page.extras().sharing().set(Sharing::Off);
    settle().await;
    assert!(!page.text().contains("Couldn’t share"));
}

#[wasm_bindgen_test]
async fn the_keyboard_comes_back_from_the_sheet_to_the_menu_that_opened_it() {
    let page = talking().await;
    page.button("More").focus().unwrap();
    page.button("More").click();
    page.button("Keyboard shortcuts").focus().unwrap();
    page.button("Keyboard shortcuts").click();
    settle().await;
    assert!(page.has("dialog[open]") && !page.has(".more-menu:popover-open"));
    let close: HtmlElement = page.find("dialog[open] button").unchecked_into();
    close.click();
    settle().await;
    let focused = document().active_element().unwrap();
    assert_eq!(focused.get_attribute("aria-label").as_deref(), Some("More"));
}

#[wasm_bindgen_test]
async fn the_layout_is_chosen_where_there_are_several_people() {
    let page = talking().await;
    assert!(!page.has(".more-menu fieldset"));
    let present = |n| layout::Present { device: device(n), shares_screen: false };
    let mut machine = layout::RoomLayout::new(device(9));
    machine.handle(Input::Size(layout::Size { width: 1_280, height: 640 }));
    machine.handle(Input::Others(vec![present(1), present(2)]));
    page.view.stage().set(StageView { layout: Some(machine.layout()), ..StageView::default() });
    settle().await;
    let speaker: HtmlElement = page.find(".more-menu label:last-child input").unchecked_into();
    speaker.click();
    assert_eq!(*page.recorder.arranged.borrow(), [Input::View(View::Speaker)]);
}
