//! The search field for people, and the search behind it.

use crate::components::kit::icon::{Glyph, Icon};
use crate::{
    api,
    state::inbox::Inbox,
    words::{Word, say},
};
use leptos::{ev, prelude::*, task::spawn_local};
use parley_protocol::people::UserSummary;
use std::time::Duration;

/// The pause in typing after which the server is asked.
const DEBOUNCE: Duration = Duration::from_millis(180);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The state while the field is empty.
    Idle,
    Searching,
    People(Vec<UserSummary>),
    Trouble(String),
}

impl Found {
    /// Returns the note that stands in place of a list of people.
    pub fn note(&self) -> String {
        match self {
            Self::Searching => say(Word::Searching).to_owned(),
            Self::People(people) if people.is_empty() => say(Word::NobodyFound).to_owned(),
            Self::Trouble(sentence) => sentence.clone(),
            Self::Idle | Self::People(_) => String::new(),
        }
    }
}

#[component]
pub fn PeopleField(label: Word, query: RwSignal<String>) -> impl IntoView {
    let clear_on_escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            query.set(String::new());
        }
    };
    view! {
        <div class="people-search" role="search" aria-label=say(label)>
            <Icon of=Glyph::Search />
            <input
                class="input"
                type="search"
                aria-label=say(label)
                placeholder=say(Word::FindPeopleByName)
                autocomplete="off"
                spellcheck="false"
                prop:value=query
                on:input=move |event| query.set(event_target_value(&event))
                on:keydown=clear_on_escape
            />
        </div>
    }
}

/// Searches for people by the typed name, and leaves out the person themselves. The last result stays until
/// the next one arrives.
pub fn find(query: RwSignal<String>) -> RwSignal<Found> {
    let inbox = expect_context::<Inbox>();
    let found = RwSignal::new(Found::Idle);
    let wanted = Memo::new(move |_| query.with(|query| query.trim().to_owned()));
    Effect::new(move |_| {
        let name = wanted.get();
        if name.is_empty() {
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
                let answer = match api::people::find(&name).await {
                    Ok(people) => {
                        let me = inbox.me().id;
                        Found::People(people.into_iter().filter(|person| person.id != me).collect())
                    }
                    Err(failure) => Found::Trouble(failure.sentence()),
                };
                // Answers may arrive out of order: only the one for the current name counts.
                if wanted.try_get_untracked().as_ref() == Some(&name) {
                    found.set(answer);
                }
            });
        };
        if let Ok(timer) = set_timeout_with_handle(ask, DEBOUNCE) {
            on_cleanup(move || timer.clear());
        }
    });
    found
}
