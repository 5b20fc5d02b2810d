//! A name is all it takes.

use super::each::{flag, text};
use crate::words::{Word, fill, say};
use crate::{
    api,
    app::{Features, Session},
    host,
};
use leptos::{ev, html::Input, prelude::*, task::spawn_local};
use parley_protocol::text::{self, TextError};

#[component]
pub fn SignInForm() -> impl IntoView {
    let session = expect_context::<RwSignal<Session>>();
    let name = NodeRef::<Input>::new();
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(String::new());
    let focus = move || {
        if let Some(name) = name.get_untracked() {
            let _ = name.focus();
        }
    };
    Effect::new(move |_| {
        if name.get().is_some() {
            focus();
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = name.get_untracked().map(|name| name.value()).unwrap_or_default();
        match text::display_name(&typed) {
            Err(error) => {
                trouble.set(name_trouble(error));
                focus();
            }
            Ok(display_name) if !busy.get_untracked() => {
                busy.set(true);
                trouble.set(String::new());
                spawn_local(async move {
                    match api::sign_in(display_name).await {
                        Ok(me) => session.set(Session::SignedIn(me)),
                        Err(failure) => {
                            busy.set(false);
                            trouble.set(failure.sentence());
                        }
                    }
                });
            }
            Ok(_) => {}
        }
    };
    let Features { guests, account, .. } = expect_context::<Features>();
    let by_name = move || {
        view! {
            <div class="field">
                <label for="your-name">{say(Word::YourName)}</label>
                <input
                    id="your-name"
                    class="input"
                    type="text"
                    autocomplete="name"
                    spellcheck="false"
                    enterkeyhint="go"
                    node_ref=name
                    aria-invalid=flag(move || !trouble.with(String::is_empty))
                    aria-describedby="your-name-trouble"
                    on:input=move |_| trouble.set(String::new())
                />
                <p id="your-name-trouble" class="field-trouble" role="alert">
                    {text(move || trouble.get())}
                </p>
            </div>
            <button type="submit" class="button" data-tone="brand" aria-busy=flag(move || busy.get())>
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
    let href = format!("/api/auth/oidc/login?return_to={}", host::path());
    view! {
        <a class="button" rel="external" href=href data-tone=if main { "brand" } else { "quiet" }>
            {fill(Word::SignInWith, &[("name", &name)])}
        </a>
    }
}

fn name_trouble(error: TextError) -> String {
    match error {
        TextError::Empty => say(Word::EnterAName).to_owned(),
        TextError::TooLong { max_chars } => fill(Word::AtMostCharacters, &[("n", &max_chars.to_string())]),
    }
}
