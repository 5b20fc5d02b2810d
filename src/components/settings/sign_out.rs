//! The sign-out button. A guest cannot come back as the same person, so they have to confirm; a person with
//! an account is signed out at once.

use crate::components::kit::{
    ask::Ask,
    each::{flag, press},
    icon::{Glyph, Icon},
    toasts::Toasts,
};
use crate::words::{Word, say};
use crate::{
    api::{self, Failure},
    state::session::Session,
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::people::Account;

#[component]
pub fn SignOut() -> impl IntoView {
    let session = expect_context::<RwSignal<Session>>();
    let toasts = expect_context::<Toasts>();
    let asked = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let sign_out = move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match api::session::sign_out().await {
                // A refusal means that there is no session left to end.
                Ok(()) | Err(Failure::Refused(_)) => session.set(Session::SignedOut),
                Err(failure) => toasts.fail(failure.sentence()),
            }
            busy.try_set(false);
        });
    };
    let guest = session
        .with_untracked(|session| !matches!(session, Session::SignedIn(me) if me.account == Account::Oidc));
    view! {
        <button
            type="button"
            class="button"
            aria-busy=flag(move || busy.get())
            on:click=press(move || if guest { asked.set(true) } else { sign_out(()) })
        >
            <Icon of=Glyph::LogOut />
            {say(Word::SignOut)}
        </button>
        <Ask
            asked
            heading=Signal::stored(say(Word::SignOutForGoodAsk).to_owned())
            means=say(Word::GuestSignOutMeans)
            yes=say(Word::SignOutForGood)
            no=say(Word::Stay)
            answer=sign_out
        />
    }
}
