//! The list of toasts, on every page and over a call: a polite live region that never covers the controls.

use super::{
    each::{Key, each, press},
    icon::{Glyph, Icon},
};
use crate::words::{Word, count, fill, say};
use leptos::prelude::*;
use parley_core::{
    notices::{Kind, Toast},
    speakers::Hint,
};
use std::sync::Arc;

pub use crate::state::toasts::Toasts;

#[component]
pub fn ToastList() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    // A repeated toast keeps its number; the count in its key makes it render anew.
    let key = |toast: &Toast| (u128::from(toast.number), u8::try_from(toast.times % 256).unwrap_or(0));
    let keys = move || toasts.shown().with(|all| all.iter().map(key).collect());
    let one = move |(number, _): Key| {
        let found =
            toasts.shown().with_untracked(|all| all.iter().find(|t| u128::from(t.number) == number).cloned());
        found.map(|toast| view! { <Line toast toasts /> }).into_any()
    };
    view! {
        <div class="toasts" role="status">
            {each(keys, Arc::new(one))}
        </div>
    }
}

#[component]
fn Line(toast: Toast, toasts: Toasts) -> impl IntoView {
    let number = toast.number;
    view! {
        <div class="toast" data-tone=if toast.kind.is_error() { "error" } else { "news" }>
            <p>{sentence(&toast)}</p>
            <button
                type="button"
                class="icon-button"
                aria-label=say(Word::Dismiss)
                on:click=press(move || toasts.dismiss(number))
            >
                <Icon of=Glyph::X />
            </button>
        </div>
    }
}

fn sentence(toast: &Toast) -> String {
    let people = |one: Word, more: Word| {
        let name = toast.who.first().map(|who| who.display_name.as_str()).unwrap_or_default();
        match u32::try_from(toast.who.len()).unwrap_or(u32::MAX).saturating_sub(1) {
            0 => fill(one, &[("name", name)]),
            n => count(more, n, &[("name", name)]),
        }
    };
    match &toast.kind {
        Kind::Joined => people(Word::SomebodyJoined, Word::MoreJoined),
        Kind::Left => people(Word::OneLeft, Word::MoreLeft),
        Kind::HandRaised => people(Word::SomebodysHand, Word::MoreHands),
        Kind::MutedByOther => people(Word::MutedBySomebody, Word::MutedBySomebody),
        Kind::Hint(Hint::YouAreMuted) => say(Word::YouAreMuted).to_owned(),
        Kind::Hint(Hint::SilentMicrophone) => say(Word::MicIsSilent).to_owned(),
        Kind::Hint(Hint::NoisyMicrophone) => say(Word::MicIsNoisy).to_owned(),
        Kind::Said(text) | Kind::Failed(text) => text.clone(),
    }
}
