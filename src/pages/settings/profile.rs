//! The name that others see, and the way out.

use crate::{
    api::account,
    components::{
        avatar::{Avatar, AvatarSize},
        each::{flag, text},
        sign_out::SignOut,
        toasts::Toasts,
    },
    inbox::Inbox,
    words::{Word, fill, say},
};
use leptos::{ev, html::Input, prelude::*, task::spawn_local};
use parley_protocol::{
    rest::UpdateMe,
    text::{self as rules, TextError},
};

#[component]
pub fn Profile() -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let field = NodeRef::<Input>::new();
    let trouble = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        match rules::display_name(&typed) {
            Err(error) => trouble.set(sentence(error)),
            Ok(_) if busy.get_untracked() => {}
            Ok(name) => {
                busy.set(true);
                spawn_local(async move {
                    let change = UpdateMe { display_name: Some(name), ..UpdateMe::default() };
                    match account::change_profile(&change).await {
                        Ok(profile) => {
                            inbox.rename(profile.display_name);
                            toasts.say(say(Word::Saved));
                        }
                        Err(failure) => trouble.set(failure.sentence()),
                    }
                    busy.set(false);
                });
            }
        }
    };
    view! {
        <form class="settings-group profile" novalidate on:submit=save>
            <Avatar of=inbox.owner() size=AvatarSize::Huge />
            <div class="field">
                <label for="profile-name">{say(Word::YourName)}</label>
                <input
                    id="profile-name"
                    class="input"
                    type="text"
                    autocomplete="name"
                    spellcheck="false"
                    node_ref=field
                    prop:value=inbox.me().display_name
                    aria-invalid=flag(move || !trouble.with(String::is_empty))
                    aria-describedby="profile-name-trouble"
                    on:input=move |_| trouble.set(String::new())
                />
                <p id="profile-name-trouble" class="field-trouble" role="alert">
                    {text(move || trouble.get())}
                </p>
            </div>
            <button type="submit" class="button" data-tone="brand" aria-busy=flag(move || busy.get())>
                {say(Word::Save)}
            </button>
        </form>
        <div class="settings-group">
            <SignOut />
        </div>
    }
}

fn sentence(error: TextError) -> String {
    match error {
        TextError::Empty => say(Word::EnterAName).to_owned(),
        TextError::TooLong { max_chars } => fill(Word::AtMostCharacters, &[("n", &max_chars.to_string())]),
    }
}
