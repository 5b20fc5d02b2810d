//! A name is all it takes.

use super::name_field::{NameField, NameForm};
use crate::words::{Word, fill, say};
use crate::{
    api, platform,
    state::{features::Features, session::Session},
};
use leptos::{ev, prelude::*};

#[component]
pub fn SignInForm() -> impl IntoView {
    let session = expect_context::<RwSignal<Session>>();
    let form = NameForm::new(Word::EnterAName);
    form.begins_here();
    let submit = move |event: ev::SubmitEvent| {
        let Some(display_name) = form.typed(&event) else { return };
        form.send(async move {
            let me = api::session::sign_in(display_name).await.map_err(|failure| failure.sentence())?;
            session.set(Session::SignedIn(me));
            Ok(())
        });
    };
    let Features { guests, account, .. } = expect_context::<Features>();
    let by_name = move || {
        view! {
            <NameField of=form id="your-name" label=Word::YourName autocomplete="name" />
            <button type="submit" class="button" data-tone="brand" aria-busy=form.busy()>
                {say(Word::Continue)}
            </button>
        }
    };
    let why = move || match (guests.get(), account.with(Option::is_some)) {
        (true, _) => "",
        (false, true) => say(Word::NoGuests),
        (false, false) => say(Word::NoWayIn),
    };
    view! {
        <form class="sign-in-form" novalidate on:submit=submit>
            {move || if guests.get() {
                by_name().into_any()
            } else {
                view! { <p>{why}</p> }.into_any()
            }}
            {move || account.get().map(|name| view! { <ByAccount name main=!guests.get() /> })}
        </form>
    }
}

/// To the place where people have their account; the only button where there is no other way.
#[component]
fn ByAccount(name: String, main: bool) -> impl IntoView {
    // Not a place of the page: the server leads on from there, and back.
    let href = format!("/api/auth/oidc/login?return_to={}", platform::path());
    view! {
        <a class="button" rel="external" href=href data-tone=if main { "brand" } else { "quiet" }>
            {fill(Word::SignInWith, &[("name", &name)])}
        </a>
    }
}
