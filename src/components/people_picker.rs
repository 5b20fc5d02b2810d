//! Several people, chosen by name: those one talks with already, or whoever is found.

use super::{
    avatar::{Avatar, AvatarSize},
    each::{press, text},
    icon::{Glyph, Icon},
};
use crate::{
    api,
    inbox::{Inbox, Standing, partner, standing},
    words::{Word, fill, say},
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{
    UserId,
    people::{ConversationKind, UserSummary},
};
use std::time::Duration;

/// How long the keyboard rests before the server is asked.
const REST: Duration = Duration::from_millis(180);

/// `without` are not offered.
#[component]
pub fn PeoplePicker(
    chosen: RwSignal<Vec<UserSummary>>,
    #[prop(into)] without: Signal<Vec<UserId>>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let offered = offers(query);
    let choose = move |person: UserSummary| {
        chosen.update(|chosen| match chosen.iter().position(|known| known.id == person.id) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(person),
        });
    };
    let rows = move || {
        let without = without.get();
        let people = offered.get().into_iter().filter(|person| !without.contains(&person.id));
        people.map(|person| view! { <Offer person chosen choose=Callback::new(choose) /> }).collect_view()
    };
    let none = move || {
        let without = without.get();
        let nobody = offered.with(|people| people.iter().all(|person| without.contains(&person.id)));
        let asked = query.with(|query| !query.trim().is_empty());
        if nobody && asked { say(Word::NobodyFound).to_owned() } else { String::new() }
    };
    view! {
        <div class="people-picker">
            <ul class="picked" aria-label=say(Word::Chosen)>
                {move || {
                    chosen
                        .get()
                        .into_iter()
                        .map(|person| view! { <Picked person choose=Callback::new(choose) /> })
                        .collect_view()
                }}
            </ul>
            <div class="people-search">
                <Icon of=Glyph::Search />
                <input
                    class="input"
                    type="search"
                    aria-label=say(Word::AddPeople)
                    placeholder=say(Word::FindPeopleByName)
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=query
                    on:input=move |event| query.set(event_target_value(&event))
                />
            </div>
            <p class="people-note" role="status">
                {text(none)}
            </p>
            <ul class="rows people-offers" aria-label=say(Word::People)>
                {rows}
            </ul>
        </div>
    }
}

#[component]
fn Offer(
    person: UserSummary,
    chosen: RwSignal<Vec<UserSummary>>,
    choose: Callback<UserSummary>,
) -> impl IntoView {
    let id = person.id;
    let is_chosen = Memo::new(move |_| chosen.with(|chosen| chosen.iter().any(|known| known.id == id)));
    let name = person.display_name.clone();
    let one = person.clone();
    view! {
        <li>
            <label class="row">
                <Avatar of=person size=AvatarSize::Small />
                <span class="row-text row-title">{name}</span>
                <input type="checkbox" prop:checked=is_chosen on:change=move |_| choose.run(one.clone()) />
            </label>
        </li>
    }
}

#[component]
fn Picked(person: UserSummary, choose: Callback<UserSummary>) -> impl IntoView {
    let name = person.display_name.clone();
    let label = fill(Word::TakeAway, &[("name", &name)]);
    view! {
        <li class="picked-person">
            <span>{name}</span>
            <button type="button" aria-label=label on:click=press(move || choose.run(person.clone()))>
                <Icon of=Glyph::X />
            </button>
        </li>
    }
}

/// People of the own conversations until a name is typed, then whom the server finds.
fn offers(query: RwSignal<String>) -> RwSignal<Vec<UserSummary>> {
    let inbox = expect_context::<Inbox>();
    let known = move || {
        let me = inbox.me().id;
        inbox.conversations().with(|all| {
            let open = all
                .iter()
                .filter(|c| c.kind == ConversationKind::Direct && standing(c, me) == Standing::Open);
            open.map(|c| partner(c, me)).collect::<Vec<_>>()
        })
    };
    let offered = RwSignal::new(Vec::new());
    let wanted = Memo::new(move |_| query.with(|query| query.trim().to_owned()));
    Effect::new(move |_| {
        let name = wanted.get();
        if name.is_empty() {
            offered.set(known());
            return;
        }
        let ask = move || {
            spawn_local(async move {
                let me = inbox.me().id;
                let found = api::find_people(&name).await.unwrap_or_default();
                // Answers may overtake one another.
                if wanted.try_get_untracked().as_ref() == Some(&name) {
                    offered.set(found.into_iter().filter(|person| person.id != me).collect());
                }
            });
        };
        if let Ok(timer) = set_timeout_with_handle(ask, REST) {
            on_cleanup(move || timer.clear());
        }
    });
    offered
}
