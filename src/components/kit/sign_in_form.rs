//! The sign-in form: a display name for guests, and a link to the identity provider if the server has one.

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
    form.focus_on_mount();
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

/// Shows the link to the identity provider, as the main button where guests cannot sign in.
#[component]
fn ByAccount(name: String, main: bool) -> impl IntoView {
    // Not a route of the page: the server redirects from here to the identity provider, and back afterwards.
    let href = format!("/api/auth/oidc/login?return_to={}", platform::path());
    view! {
        <a class="button" rel="external" href=href data-tone=if main { "brand" } else { "quiet" }>
            {fill(Word::SignInWith, &[("name", &name)])}
        </a>
    }
}
