//! Whom the conversation is with, and the two ways to call them.

use super::{
    avatar::Avatar,
    icon::{Glyph, Icon},
};
use crate::{
    app::Features,
    call::handle::CallHandle,
    inbox::{Inbox, Standing, partner, standing},
    place::Place,
};
use leptos::prelude::*;
use parley_protocol::{ConversationId, call::CallType, people::Conversation};

/// What can be done about calls here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Calls {
    None,
    Possible,
    /// Others are in one.
    InProgress,
}

#[component]
pub fn ConversationHeader(id: ConversationId, conversation: Memo<Conversation>) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let me = expect_context::<Inbox>().me().id;
    let enabled = expect_context::<Features>().calls;
    let with = Memo::new(move |_| conversation.with(|c| partner(c, me)));
    let calls = Memo::new(move |_| {
        conversation.with(|c| match (standing(c, me), &c.live_call) {
            (Standing::Open, Some(_)) => Calls::InProgress,
            (Standing::Open, None) if enabled.get() => Calls::Possible,
            _ => Calls::None,
        })
    });
    let start = move |call_type| handle.start(id, with.get_untracked(), call_type);
    view! {
        <header class="conversation-header">
            <a class="icon-button back" href=Place::Home.path() aria-label="Back to conversations">
                <Icon of=Glyph::ArrowLeft />
            </a>
            <Avatar of=with />
            <h1>{move || with.with(|with| with.display_name.clone())}</h1>
            {move || match calls.get() {
                Calls::None => None,
                Calls::InProgress => {
                    Some(
                        view! {
                            <p class="pill" data-tone="good">
                                <Icon of=Glyph::Phone />
                                "A call is in progress"
                            </p>
                        }
                            .into_any(),
                    )
                }
                Calls::Possible => {
                    Some(
                        view! {
                            <div class="conversation-calls" role="group" aria-label="Call">
                                <button
                                    type="button"
                                    class="icon-button"
                                    aria-label="Audio call"
                                    title="Audio call"
                                    on:click=move |_| start(CallType::Audio)
                                >
                                    <Icon of=Glyph::Phone />
                                </button>
                                <button
                                    type="button"
                                    class="button"
                                    data-tone="brand"
                                    aria-label="Video call"
                                    title="Video call"
                                    on:click=move |_| start(CallType::Video)
                                >
                                    <Icon of=Glyph::Video />
                                    <span class="wide-only">"Video call"</span>
                                </button>
                            </div>
                        }
                            .into_any(),
                    )
                }
            }}
        </header>
    }
}
