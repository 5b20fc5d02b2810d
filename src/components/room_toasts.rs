//! What is told in a room in passing. In one polite place, and never over the controls.

use super::{
    each::{Key, each, press},
    icon::{Glyph, Icon},
};
use crate::{
    call::{
        aside::AsideStoreFields,
        handle::{Ask, CallHandle},
    },
    words::{Word, count, fill, say},
};
use leptos::prelude::*;
use parley_core::{
    notices::{Kind, Toast},
    speakers::Hint,
};
use std::sync::Arc;

#[component]
pub fn RoomToasts() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let toasts = handle.aside().toasts();
    // One that grows is drawn anew.
    let key = |toast: &Toast| (u128::from(toast.number), u8::try_from(toast.times % 256).unwrap_or(0));
    let keys = move || toasts.with(|all| all.iter().map(key).collect());
    let one = move |(number, _): Key| {
        let found = toasts.with_untracked(|all| all.iter().find(|t| u128::from(t.number) == number).cloned());
        let Some(toast) = found else { return ().into_any() };
        let number = toast.number;
        let tone = if matches!(toast.kind, Kind::Trouble(_)) { "error" } else { "news" };
        view! {
            <div class="room-toast" data-tone=tone>
                <p>{sentence(&toast)}</p>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=say(Word::Dismiss)
                    on:click=press(move || handle.ask(Ask::Dismiss(number)))
                >
                    <Icon of=Glyph::X />
                </button>
            </div>
        }
        .into_any()
    };
    view! {
        <div class="room-toasts" role="status">
            {each(keys, Arc::new(one))}
        </div>
    }
}

pub fn sentence(toast: &Toast) -> String {
    let people = |one: Word, more: Word| {
        let name = toast.who.first().map(|who| who.display_name.as_str()).unwrap_or_default();
        match u32::try_from(toast.who.len()).unwrap_or(u32::MAX).saturating_sub(1) {
            0 => fill(one, &[("name", name)]),
            n => count(more, n, &[("name", name)]),
        }
    };
    match toast.kind {
        Kind::Joined => people(Word::SomebodyJoined, Word::MoreJoined),
        Kind::Left => people(Word::OneLeft, Word::MoreLeft),
        Kind::HandRaised => people(Word::SomebodysHand, Word::MoreHands),
        Kind::MutedByOther => people(Word::MutedBySomebody, Word::MutedBySomebody),
        Kind::Hint(Hint::YouAreMuted) => say(Word::YouAreMuted).to_owned(),
        Kind::Hint(Hint::SilentMicrophone) => say(Word::MicIsSilent).to_owned(),
        Kind::Hint(Hint::NoisyMicrophone) => say(Word::MicIsNoisy).to_owned(),
        Kind::Trouble(_) => say(Word::SomethingFailed).to_owned(),
    }
}
