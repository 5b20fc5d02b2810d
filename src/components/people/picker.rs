//! A picker for several people: it offers the person's contacts, or the people whom a search finds.

use super::field::{Found, PeopleField, find};
use crate::components::kit::{
    avatar::{Avatar, AvatarSize},
    each::{press, text},
    icon::{Glyph, Icon},
};
use crate::{
    state::inbox::{Inbox, Standing, partner, standing},
    words::{Word, fill, say},
};
use leptos::prelude::*;
use parley_protocol::{
    UserId,
    people::{Conversation, ConversationKind, UserSummary},
};

/// Shows the picker; people in `without` are not offered.
#[component]
pub fn PeoplePicker(
    chosen: RwSignal<Vec<UserSummary>>,
    #[prop(into)] without: Signal<Vec<UserId>>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let found = find(query);
    let inbox = expect_context::<Inbox>();
    // The person's contacts until a name is typed, then the search results.
    let offered = Memo::new(move |_| {
        let without = without.get();
        let mut people = match found.get() {
            Found::Idle => acquaintances(inbox),
            Found::People(people) => people,
            Found::Searching | Found::Trouble(_) => Vec::new(),
        };
        people.retain(|person| !without.contains(&person.id));
        people
    });
    let choose = move |person: UserSummary| {
        chosen.update(|chosen| match chosen.iter().position(|known| known.id == person.id) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(person),
        });
    };
    let rows = move || {
        let offer = |person| view! { <Offer person chosen choose=Callback::new(choose) /> };
        offered.get().into_iter().map(offer).collect_view()
    };
    let note = move || {
        // If the search finds only people who are left out, the note says that it found nobody.
        let nobody = offered.with(Vec::is_empty);
        found.with(|found| match found {
            Found::People(_) if nobody => Found::People(Vec::new()).note(),
            found => found.note(),
        })
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
            <PeopleField label=Word::AddPeople query />
            <p class="people-note" role="status">
                {text(note)}
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

/// Returns the other people of the person's open direct conversations.
fn acquaintances(inbox: Inbox) -> Vec<UserSummary> {
    let me = inbox.me().id;
    let open = |c: &&Conversation| c.kind == ConversationKind::Direct && standing(c, me) == Standing::Open;
    inbox.conversations().with(|all| all.iter().filter(open).map(|c| partner(c, me)).collect())
}
