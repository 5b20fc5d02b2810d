//! Finds people by name, and opens the conversation with the one that is chosen.

use super::{
    avatar::{Avatar, AvatarSize},
    each::{Key, each, flag, press, text},
    icon::{Glyph, Icon},
    toasts::Toasts,
};
use crate::words::{Word, say};
use crate::{
    api,
    inbox::Inbox,
    place::{Place, Walk},
};
use leptos::{ev, prelude::*, task::spawn_local};
use parley_protocol::people::UserSummary;
use std::{sync::Arc, time::Duration};

/// How long the keyboard rests before the server is asked.
const REST: Duration = Duration::from_millis(180);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    /// Nothing has been asked for.
    Idle,
    Searching,
    People(Vec<UserSummary>),
    Trouble(String),
}

/// `children` is what stands in the place of the results while nothing is searched for.
#[component]
pub fn PeopleSearch(children: ChildrenFn) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let query = RwSignal::new(String::new());
    let found = RwSignal::new(Found::Idle);
    let wanted = Memo::new(move |_| query.with(|query| query.trim().to_owned()));
    Effect::new(move |_| {
        let wanted_now = wanted.get();
        if wanted_now.is_empty() {
            found.set(Found::Idle);
            return;
        }
        found.update(|found| {
            if !matches!(found, Found::People(_)) {
                *found = Found::Searching;
            }
        });
        let ask = move || {
            spawn_local(async move {
                let answer = match api::find_people(&wanted_now).await {
                    Ok(people) => {
                        let me = inbox.me().id;
                        Found::People(people.into_iter().filter(|person| person.id != me).collect())
                    }
                    Err(failure) => Found::Trouble(failure.sentence()),
                };
                // Answers may overtake one another.
                if wanted.try_get_untracked().as_ref() == Some(&wanted_now) {
                    found.set(answer);
                }
            });
        };
        if let Ok(timer) = set_timeout_with_handle(ask, REST) {
            on_cleanup(move || timer.clear());
        }
    });
    let clear_on_escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            query.set(String::new());
        }
    };
    view! {
        <div class="people-search" role="search">
            <Icon of=Glyph::Search />
            <input
                class="input"
                type="search"
                aria-label=say(Word::FindPeople)
                placeholder=say(Word::FindPeopleByName)
                autocomplete="off"
                spellcheck="false"
                prop:value=query
                on:input=move |event| query.set(event_target_value(&event))
                on:keydown=clear_on_escape
            />
        </div>
        <Show when=move || !wanted.with(String::is_empty) fallback=move || children()>
            <Results found query />
        </Show>
    }
}

#[component]
fn Results(found: RwSignal<Found>, query: RwSignal<String>) -> impl IntoView {
    let keys = move || {
        found.with(|found| match found {
            Found::People(people) => people.iter().map(|person| (person.id.0.as_u128(), 0)).collect(),
            _ => Vec::new(),
        })
    };
    let person = move |(id, _): Key| {
        let person = found.with_untracked(|found| match found {
            Found::People(people) => people.iter().find(|person| person.id.0.as_u128() == id).cloned(),
            _ => None,
        });
        person.map(|person| view! { <Person person query /> }).into_any()
    };
    let note = move || {
        found.with(|found| match found {
            Found::Searching => say(Word::Searching).to_owned(),
            Found::People(people) if people.is_empty() => say(Word::NobodyFound).to_owned(),
            Found::Trouble(sentence) => sentence.clone(),
            Found::Idle | Found::People(_) => String::new(),
        })
    };
    view! {
        <div class="people-found">
            <p class="people-note" role="status">
                {text(note)}
            </p>
            <ul class="rows" aria-label=say(Word::People)>
                {each(keys, Arc::new(person))}
            </ul>
        </div>
    }
}

#[component]
fn Person(person: UserSummary, query: RwSignal<String>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let walk = expect_context::<Walk>();
    let busy = RwSignal::new(false);
    let id = person.id;
    let name = person.display_name.clone();
    let open = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match api::start_conversation(id).await {
                Ok(conversation) => {
                    let place = Place::Conversation(conversation.id);
                    inbox.put(conversation);
                    query.set(String::new());
                    walk.go(place);
                }
                Err(failure) => toasts.fail(failure.sentence()),
            }
            busy.set(false);
        });
    };
    view! {
        <li>
            <button type="button" class="row" aria-busy=flag(move || busy.get()) on:click=press(open)>
                <Avatar of=person size=AvatarSize::Medium />
                <span class="row-title">{name}</span>
            </button>
        </li>
    }
}
