//! Reactions and raised hands: their menu, and their display over the call.

use super::shortcuts::with_key;
use crate::components::kit::{
    each::{Key, each, press, text},
    icon::{Glyph, Icon},
};
use crate::{
    call::{
        extras::view::{Reacted, RoomExtrasViewStoreFields},
        handle::{Ask, CallHandle},
        view::Room,
    },
    words::{Word, fill, say},
};
use leptos::prelude::*;
use parley_protocol::data::Reaction;
use std::sync::Arc;

const ALL: [Reaction; 8] = [
    Reaction::Like,
    Reaction::Love,
    Reaction::Laugh,
    Reaction::Surprise,
    Reaction::Clap,
    Reaction::Celebrate,
    Reaction::Fire,
    Reaction::Sad,
];
const MENU: &str = "reactions";

#[component]
pub fn ReactMenu(room: Signal<Room>) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let up = hand(room);
    let name = text(move || say(if up.get() { Word::LowerHand } else { Word::RaiseHand }).to_owned());
    let choice = move |reaction: Reaction| {
        view! {
            <button
                type="button"
                class="react-choice"
                aria-label=say(name_of(reaction))
                title=say(name_of(reaction))
                on:click=press(move || handle.ask(Ask::React(reaction)))
            >
                {sign(reaction)}
            </button>
        }
    };
    view! {
        <button
            type="button"
            class="call-control"
            data-tone="active"
            data-hand=text(move || up.get().to_string())
            popovertarget=MENU
            aria-label=say(Word::ReactOrRaise)
            title=with_key(say(Word::ReactOrRaise), Word::KeyH)
        >
            {move || {
                let glyph = if up.get() { Glyph::Hand } else { Glyph::Smile };
                view! { <Icon of=glyph /> }
            }}
        </button>
        <div id=MENU popover="auto" class="device-menu react-menu">
            <div class="react-choices">{ALL.map(choice).collect_view()}</div>
            <button
                type="button"
                class="button"
                aria-pressed=text(move || up.get().to_string())
                on:click=press(move || handle.ask(Ask::RaiseHand(!up.get_untracked())))
            >
                <Icon of=Glyph::Hand />
                {name}
            </button>
        </div>
    }
}

/// Returns whether this person's hand is raised.
pub fn hand(room: Signal<Room>) -> Memo<bool> {
    Memo::new(move |_| room.with(|room| room.me().is_some_and(|me| me.media.hand)))
}

/// Shows the current reactions of everybody in the call.
#[component]
pub fn FloatingReactions(room: Signal<Room>) -> impl IntoView {
    let reactions = expect_context::<CallHandle>().extras().reactions();
    let keys = move || reactions.with(|all| all.iter().map(|one| (u128::from(one.number), 0)).collect());
    let one = move |(number, _): Key| {
        let found =
            reactions.with_untracked(|all| all.iter().find(|one| u128::from(one.number) == number).copied());
        found.map(|reacted| view! { <Floating room reacted /> }).into_any()
    };
    view! {
        <div class="floating-reactions" role="status">
            {each(keys, Arc::new(one))}
        </div>
    }
}

#[component]
fn Floating(room: Signal<Room>, reacted: Reacted) -> impl IntoView {
    let name = room.with_untracked(|room| match reacted.from {
        None => say(Word::ReactedYou).to_owned(),
        Some(device) => {
            let tiles = room.tiles();
            tiles
                .iter()
                .find(|t| t.device_id == device)
                .map(|t| t.user.display_name.clone())
                .unwrap_or_default()
        }
    });
    view! {
        <p class="floating-reaction">
            <span class="floating-reaction-sign" role="img" aria-label=say(name_of(reacted.reaction))>
                {sign(reacted.reaction)}
            </span>
            <span>{name}</span>
        </p>
    }
}

/// Shows the names of the others whose hand is raised.
#[component]
pub fn RaisedHands(room: Signal<Room>) -> impl IntoView {
    let names = Memo::new(move |_| {
        let up = |room: &Room| {
            let hands = room.people.iter().filter(|person| person.media.hand && !person.is_me);
            hands.map(|person| person.user.display_name.clone()).collect::<Vec<_>>().join(", ")
        };
        room.with(up)
    });
    view! {
        <Show when=move || !names.with(String::is_empty)>
            <p class="pill raised-hands">
                <Icon of=Glyph::Hand />
                <span>{move || fill(Word::HandsUp, &[("names", &names.get())])}</span>
            </p>
        </Show>
    }
}

fn sign(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Like => "👍",
        Reaction::Love => "❤️",
        Reaction::Laugh => "😂",
        Reaction::Surprise => "😮",
        Reaction::Clap => "👏",
        Reaction::Celebrate => "🎉",
        Reaction::Fire => "🔥",
        Reaction::Sad => "😢",
    }
}

fn name_of(reaction: Reaction) -> Word {
    match reaction {
        Reaction::Like => Word::ReactLike,
        Reaction::Love => Word::ReactLove,
        Reaction::Laugh => Word::ReactLaugh,
        Reaction::Surprise => Word::ReactSurprise,
        Reaction::Clap => Word::ReactClap,
        Reaction::Celebrate => Word::ReactCelebrate,
        Reaction::Fire => Word::ReactFire,
        Reaction::Sad => Word::ReactSad,
    }
}
