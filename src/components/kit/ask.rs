//! A confirmation dialog for an action that cannot be undone easily.

use super::each::{press, text};
use crate::components::call::screen::covers_page;
use crate::{
    call::handle::CallHandle,
    words::{Word, say},
};
use leptos::{html::Dialog, prelude::*};

/// Shows the dialog while `asked` is true, and runs `answer` when the person confirms.
#[component]
pub fn Ask(
    asked: RwSignal<bool>,
    heading: Signal<String>,
    means: &'static str,
    yes: &'static str,
    #[prop(default = say(Word::Cancel))] no: &'static str,
    #[prop(into)] answer: Callback<()>,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    // A modal dialog lies in the top layer, above every call screen. It closes while a call covers the page,
    // so that an incoming call can be answered.
    let covered = covers_page(expect_context::<CallHandle>());
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if asked.get() && !covered.get() {
            let _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    let agree = move || {
        asked.set(false);
        answer.run(());
    };
    view! {
        <dialog class="dialog" node_ref=dialog aria-label=heading on:close=move |_| asked.set(false)>
            <h2>{text(move || heading.get())}</h2>
            <p>{means}</p>
            <div class="dialog-actions">
                <button type="button" class="button" on:click=press(move || asked.set(false))>
                    {no}
                </button>
                <button type="button" class="button" data-tone="danger" on:click=press(agree)>
                    {yes}
                </button>
            </div>
        </dialog>
    }
}
