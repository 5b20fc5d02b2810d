//! The person's invite link: everyone who opens it can start a conversation with them.

use crate::components::kit::{
    each::{press, text},
    icon::{Glyph, Icon},
};
use crate::words::{Word, say};
use crate::{api, platform};
use leptos::{html::Input, prelude::*, task::spawn_local};
use std::time::Duration;

/// The time for which the button confirms that the link was copied.
const SHOW_COPIED_FOR: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Idle,
    Making,
    Copied,
    /// A link to copy by hand, because the browser did not let the page do it.
    Shown,
    Trouble(String),
}

#[component]
pub fn InviteLink() -> impl IntoView {
    let state = RwSignal::new(State::Idle);
    let link = RwSignal::new(String::new());
    let field = NodeRef::<Input>::new();
    let select = move || {
        if let Some(field) = field.get_untracked() {
            field.select();
        }
    };
    let copy = move || {
        if state.get_untracked() == State::Making {
            return;
        }
        state.set(State::Making);
        let known = link.get_untracked();
        spawn_local(async move {
            let made = match known {
                known if !known.is_empty() => Ok(known),
                _ => api::invites::make_link().await,
            };
            match made {
                Ok(address) => {
                    link.set(address.clone());
                    let copied = platform::copy(&address).await;
                    state.set(if copied { State::Copied } else { State::Shown });
                    let settle = move || {
                        state.update(|state| {
                            if *state == State::Copied {
                                *state = State::Idle;
                            }
                        });
                    };
                    set_timeout(settle, SHOW_COPIED_FOR);
                }
                Err(failure) => state.set(State::Trouble(failure.sentence())),
            }
        });
    };
    let note = move || match state.get() {
        State::Idle | State::Making => String::new(),
        State::Copied => say(Word::InviteCopied).to_owned(),
        State::Shown => say(Word::InviteShown).to_owned(),
        State::Trouble(sentence) => sentence,
    };
    let glyph = move || if state.get() == State::Copied { Glyph::Check } else { Glyph::Link };
    view! {
        <div class="invite-link">
            <button type="button" class="button" on:click=press(copy)>
                {move || view! { <Icon of=glyph() /> }}
                {say(Word::CopyInviteLink)}
            </button>
            <Show when=move || !link.with(String::is_empty)>
                <input
                    class="input"
                    type="text"
                    readonly
                    aria-label=say(Word::InviteLink)
                    node_ref=field
                    prop:value=link
                    on:focus=move |_| select()
                />
            </Show>
            <p class="invite-note" role="status">
                {text(note)}
            </p>
        </div>
    }
}
