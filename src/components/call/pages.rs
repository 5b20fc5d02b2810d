//! The pager of the stage, for calls with more tiles than fit on it.

use crate::call::{handle::CallHandle, view::CallViewStoreFields};
use crate::components::kit::{
    each::{press, text},
    icon::{Glyph, Icon},
};
use crate::words::{Word, fill, say};
use leptos::prelude::*;
use parley_core::layout::Input;

#[component]
pub fn CallPages() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let at = Memo::new(move |_| {
        let of = |layout: &parley_core::layout::Layout| (layout.page, layout.pages);
        handle.view().stage().with(|stage| stage.layout.as_ref().map_or((0, 1), of))
    });
    let turn = move |forward: bool| {
        let (page, pages) = at.get_untracked();
        let next = if forward { page + 1 } else { page + pages - 1 };
        handle.arrange(Input::Page(next % pages.max(1)));
    };
    let says = text(move || {
        let (page, pages) = at.get();
        fill(Word::PageOf, &[("page", &(page + 1).to_string()), ("pages", &pages.to_string())])
    });
    view! {
        <Show when=move || { at.get().1 > 1 }>
            <nav class="call-pages" aria-label=say(Word::Pages)>
                <button type="button" class="icon-button" aria-label=say(Word::PageBefore) on:click=press(move || turn(false))>
                    <Icon of=Glyph::ChevronLeft />
                </button>
                <span aria-live="polite">{says}</span>
                <button type="button" class="icon-button" aria-label=say(Word::PageAfter) on:click=press(move || turn(true))>
                    <Icon of=Glyph::ChevronRight />
                </button>
            </nav>
        </Show>
    }
}
