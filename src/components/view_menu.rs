//! How several people are shown: all alike, or whoever speaks large.

use super::icon::{Glyph, Icon};
use crate::{
    call::{handle::CallHandle, view::CallViewStoreFields},
    words::{Word, say},
};
use leptos::prelude::*;
use parley_core::layout::{Input, Shape, View};

const ID: &str = "view-menu";

#[component]
pub fn ViewMenu() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    // With one other person there is nothing to choose.
    let offered = Memo::new(move |_| {
        let shape = |layout: &parley_core::layout::Layout| layout.shape;
        let shape = handle.view().stage().with(|stage| stage.layout.as_ref().map(shape));
        shape.is_some_and(|shape| shape != Shape::OneToOne)
    });
    // The browser opens and closes it, and gives the keyboard back.
    view! {
        <Show when=move || offered.get()>
            <button
                type="button"
                class="call-control"
                popovertarget=ID
                aria-label=say(Word::ChooseView)
                title=say(Word::ChooseView)
            >
                <Icon of=Glyph::Grid />
            </button>
            <div id=ID popover="auto" class="device-menu">
                <fieldset>
                    <legend>{say(Word::ChooseView)}</legend>
                    <Choice view=View::Grid word=Word::ViewGrid />
                    <Choice view=View::Speaker word=Word::ViewSpeaker />
                </fieldset>
            </div>
        </Show>
    }
}

#[component]
fn Choice(view: View, word: Word) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let chosen = Memo::new(move |_| handle.view().stage().with(|stage| stage.view) == view);
    view! {
        <label class="device-menu-choice">
            <input
                type="radio"
                name=ID
                prop:checked=move || chosen.get()
                on:change=move |_| handle.arrange(Input::View(view))
            />
            <span>{say(word)}</span>
        </label>
    }
}
