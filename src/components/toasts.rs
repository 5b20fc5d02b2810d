//! Short news in one polite live region: three at most, errors until they are dismissed.

use super::{
    each::{each, press},
    icon::{Glyph, Icon},
};
use crate::host;
use crate::words::{Word, say};
use leptos::prelude::*;
use std::{sync::Arc, time::Duration};

const TOASTS_MAX: usize = 3;
const STAYS: Duration = Duration::from_secs(6);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    News,
    Error,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Toast {
    number: u128,
    tone: Tone,
    text: String,
}

#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u128>,
}

impl Toasts {
    #[expect(clippy::new_without_default, reason = "makes signals, so it belongs to whoever calls it")]
    pub fn new() -> Self {
        Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    pub fn say(self, text: impl Into<String>) {
        let number = self.add(Tone::News, text.into());
        self.remove_once_seen(number);
    }

    pub fn fail(self, text: impl Into<String>) {
        self.add(Tone::Error, text.into());
    }

    fn add(self, tone: Tone, text: String) -> u128 {
        let number = self.next.try_get_value().unwrap_or_default();
        self.next.try_update_value(|next| *next = number.wrapping_add(1));
        self.shown.try_update(|shown| {
            // The same news twice is one.
            shown.retain(|toast| toast.text != text);
            let over = (shown.len() + 1).saturating_sub(TOASTS_MAX);
            shown.drain(..over);
            shown.push(Toast { number, tone, text });
        });
        number
    }

    /// Time that nobody looks at the page does not count.
    fn remove_once_seen(self, number: u128) {
        let look = move || {
            if host::is_visible() { self.remove(number) } else { self.remove_once_seen(number) }
        };
        set_timeout(look, STAYS);
    }

    fn remove(self, number: u128) {
        self.shown.try_update(|shown| shown.retain(|toast| toast.number != number));
    }
}

#[component]
pub fn ToastList() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let keys = move || toasts.shown.with(|shown| shown.iter().map(|toast| (toast.number, 0)).collect());
    view! {
        <div class="toasts" role="status">
            {each(keys, Arc::new(move |(number, _)| toast(toasts, number)))}
        </div>
    }
}

fn toast(toasts: Toasts, number: u128) -> AnyView {
    let found = toasts.shown.with_untracked(|shown| shown.iter().find(|t| t.number == number).cloned());
    found
        .map(|toast| {
            let tone = if toast.tone == Tone::Error { "error" } else { "news" };
            view! {
                <div class="toast" data-tone=tone>
                    <p>{toast.text}</p>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=say(Word::Dismiss)
                        on:click=press(move || toasts.remove(number))
                    >
                        <Icon of=Glyph::X />
                    </button>
                </div>
            }
        })
        .into_any()
}
