//! A group in the making: its name, and who is asked to come.

use crate::{
    api::groups,
    components::{
        each::{flag, text},
        icon::{Glyph, Icon},
        people_picker::PeoplePicker,
        toasts::Toasts,
    },
    host,
    inbox::Inbox,
    place::{Place, Walk},
    words::{Word, fill, say},
};
use leptos::{ev, html::Input, prelude::*, task::spawn_local};
use parley_protocol::{
    people::UserSummary,
    text::{self as rules, TextError},
};

#[component]
pub fn NewGroupPage() -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let walk = expect_context::<Walk>();
    let name = NodeRef::<Input>::new();
    let people = RwSignal::new(Vec::<UserSummary>::new());
    let trouble = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    // The form was sent without anybody in it.
    let alone = RwSignal::new(false);
    let lonely = move || alone.get() && people.with(Vec::is_empty);
    // The same at every try, so that a lost answer makes no second group.
    let key = StoredValue::new(host::random_word());
    Effect::new(move |_| {
        if let Some(name) = name.get() {
            let _ = name.focus();
        }
    });
    let make = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = name.get_untracked().map(|name| name.value()).unwrap_or_default();
        match rules::display_name(&typed) {
            Err(error) => trouble.set(sentence(error)),
            Ok(_) if people.with_untracked(Vec::is_empty) => alone.set(true),
            Ok(_) if busy.get_untracked() => {}
            Ok(name) => {
                busy.set(true);
                let ids = people.with_untracked(|people| people.iter().map(|person| person.id).collect());
                spawn_local(async move {
                    match groups::make(&name, ids, key.get_value().as_deref()).await {
                        Ok(group) => {
                            let place = Place::Conversation(group.id);
                            inbox.put(group);
                            walk.replace(place);
                        }
                        Err(failure) => {
                            key.set_value(host::random_word());
                            toasts.fail(failure.sentence());
                        }
                    }
                    busy.try_set(false);
                });
            }
        }
    };
    view! {
        <div class="page">
            <header class="page-head">
                <a class="icon-button" href=Place::Home.path() aria-label=say(Word::BackToConversations)>
                    <Icon of=Glyph::ArrowLeft />
                </a>
                <h1>{say(Word::NewGroup)}</h1>
            </header>
            <form class="page-body" novalidate on:submit=make>
                <div class="field">
                    <label for="group-name">{say(Word::GroupName)}</label>
                    <input
                        id="group-name"
                        class="input"
                        type="text"
                        autocomplete="off"
                        node_ref=name
                        aria-invalid=flag(move || !trouble.with(String::is_empty))
                        aria-describedby="group-name-trouble"
                        on:input=move |_| trouble.set(String::new())
                    />
                    <p id="group-name-trouble" class="field-trouble" role="alert">
                        {text(move || trouble.get())}
                    </p>
                </div>
                <p class="soft">{say(Word::NewGroupMeans)}</p>
                <PeoplePicker chosen=people without=Vec::new() />
                <p class="field-trouble" role="alert">
                    {text(move || if lonely() { say(Word::GroupNeedsPeople).to_owned() } else { String::new() })}
                </p>
                <button type="submit" class="button" data-tone="brand" aria-busy=flag(move || busy.get())>
                    {say(Word::MakeGroup)}
                </button>
            </form>
        </div>
    }
}

pub fn sentence(error: TextError) -> String {
    match error {
        TextError::Empty => say(Word::GroupNeedsName).to_owned(),
        TextError::TooLong { max_chars } => fill(Word::AtMostCharacters, &[("n", &max_chars.to_string())]),
    }
}
