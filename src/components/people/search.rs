//! The search for people in the sidebar, which opens the conversation with the chosen person.

use super::field::{Found, PeopleField, find};
use crate::components::kit::{
    avatar::{Avatar, AvatarSize},
    each::{Key, each, flag, press, text},
    toasts::Toasts,
};
use crate::words::{Word, say};
use crate::{
    api,
    router::{Route, Walk},
    state::inbox::Inbox,
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::people::UserSummary;
use std::sync::Arc;

/// Shows the search; `children` stands in place of the results while the field is empty.
#[component]
pub fn PeopleSearch(children: ChildrenFn) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let found = find(query);
    let idle = Memo::new(move |_| query.with(|query| query.trim().is_empty()));
    view! {
        <PeopleField label=Word::FindPeople query />
        <Show when=move || !idle.get() fallback=move || children()>
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
    view! {
        <div class="people-found">
            <p class="people-note" role="status">
                {text(move || found.with(Found::note))}
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
            match api::conversations::start(id).await {
                Ok(conversation) => {
                    let route = Route::Conversation(conversation.id);
                    inbox.put(conversation);
                    query.set(String::new());
                    walk.go(&route);
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
