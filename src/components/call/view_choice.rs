//! The choice of the view in a group call: a grid of equal tiles, or the speaker large.

use crate::{
    call::{handle::CallHandle, view::CallViewStoreFields},
    words::{Word, say},
};
use leptos::prelude::*;
use parley_core::layout::{Input, Shape, View};

#[component]
pub fn ViewChoice() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    // With one other person there is only one view.
    let offered = Memo::new(move |_| {
        let shape = |layout: &parley_core::layout::Layout| layout.shape;
        let shape = handle.view().stage().with(|stage| stage.layout.as_ref().map(shape));
        shape.is_some_and(|shape| shape != Shape::OneToOne)
    });
    view! {
        <Show when=move || offered.get()>
            <fieldset>
                <legend>{say(Word::ChooseView)}</legend>
                <Choice view=View::Grid word=Word::ViewGrid />
                <Choice view=View::Speaker word=Word::ViewSpeaker />
            </fieldset>
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
                name="view"
                prop:checked=move || chosen.get()
                on:change=move |_| handle.arrange(Input::View(view))
            />
            <span>{say(word)}</span>
        </label>
    }
}
