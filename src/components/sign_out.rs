//! The way out, with a question before it: a guest cannot come back as the same person.

use super::{
    call_screen::covers_page,
    each::press,
    icon::{Glyph, Icon},
    toasts::Toasts,
};
use crate::words::{Word, say};
use crate::{
    api::{self, Failure},
    app::Session,
    call::handle::CallHandle,
};
use leptos::{html::Dialog, prelude::*, task::spawn_local};

#[component]
pub fn SignOut() -> impl IntoView {
    let session = expect_context::<RwSignal<Session>>();
    let toasts = expect_context::<Toasts>();
    let question = NodeRef::<Dialog>::new();
    let ask = move || {
        if let Some(question) = question.get_untracked() {
            let _ = question.show_modal();
        }
    };
    let close = move || {
        if let Some(question) = question.get_untracked() {
            question.close();
        }
    };
    // A modal dialog lies above everything: a call that comes in could not be answered.
    let covered = covers_page(expect_context::<CallHandle>());
    Effect::new(move |_| {
        if covered.get() {
            close();
        }
    });
    let sign_out = move || {
        close();
        spawn_local(async move {
            match api::sign_out().await {
                // Refused means that there is no session to end.
                Ok(()) | Err(Failure::Refused(_)) => session.set(Session::SignedOut),
                Err(failure) => toasts.fail(failure.sentence()),
            }
        });
    };
    view! {
        <button type="button" class="button" on:click=press(ask)>
            <Icon of=Glyph::LogOut />
            {say(Word::SignOut)}
        </button>
        <dialog class="dialog" node_ref=question aria-labelledby="sign-out-heading">
            <h2 id="sign-out-heading">{say(Word::SignOutForGoodAsk)}</h2>
            <p>
                {say(Word::GuestSignOutMeans)}
            </p>
            <div class="dialog-actions">
                <button type="button" class="button" on:click=press(close)>
                    {say(Word::Stay)}
                </button>
                <button type="button" class="button" data-tone="danger" on:click=press(sign_out)>
                    {say(Word::SignOutForGood)}
                </button>
            </div>
        </dialog>
    }
}
