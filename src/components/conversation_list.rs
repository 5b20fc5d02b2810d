//! The person's conversations, newest first.

use super::{avatar::Avatar, message_line::summary};
use crate::{
    host,
    inbox::{Inbox, Loaded, Standing, partner, standing},
    place::Place,
};
use leptos::prelude::*;
use parley_protocol::{ConversationId, UserId, people::Conversation};

#[component]
pub fn ConversationList(place: Memo<Place>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let all = inbox.conversations();
    let ids = Memo::new(move |_| all.with(|all| all.iter().map(|c| c.id).collect::<Vec<_>>()));
    view! {
        <nav class="conversation-list" aria-label="Conversations">
            <ul class="rows">
                <For each=move || ids.get() key=|id| *id let:id>
                    <Row id place />
                </For>
            </ul>
            {move || {
                let empty = ids.with(Vec::is_empty);
                match inbox.loaded().get() {
                    Loaded::Ready if empty => Some(view! { <NothingYet /> }.into_any()),
                    Loaded::Waiting if empty => Some(view! { <Waiting /> }.into_any()),
                    Loaded::Failed(failure) => {
                        let retry = move |_| inbox.reload();
                        Some(
                            view! {
                                <div class="list-note">
                                    <p>{failure.sentence()}</p>
                                    <button type="button" class="button" on:click=retry>
                                        "Try again"
                                    </button>
                                </div>
                            }
                                .into_any(),
                        )
                    }
                    Loaded::Ready | Loaded::Waiting => None,
                }
            }}
        </nav>
    }
}

#[component]
fn NothingYet() -> impl IntoView {
    view! {
        <div class="list-note">
            <h2>"Nobody here yet"</h2>
            <p>
                "Find someone by their name above. If they are new to Parley, send them your invite link:
                opening it is all they have to do."
            </p>
        </div>
    }
}

#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div class="skeletons" aria-hidden="true">
            <div class="skeleton"></div>
            <div class="skeleton"></div>
            <div class="skeleton"></div>
        </div>
    }
}

#[component]
fn Row(id: ConversationId, place: Memo<Place>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let me = inbox.me().id;
    let conversation = inbox.conversation(id);
    let with = Memo::new(move |before| {
        let found = conversation.with(|found| found.as_ref().map(|c| partner(c, me)));
        found.or_else(|| before.cloned().flatten())
    });
    let here = Memo::new(move |_| place.with(|place| *place == Place::Conversation(id)));
    let unread = Memo::new(move |_| conversation.with(|c| c.as_ref().map_or(0, |c| c.unread)));
    let preview = move || conversation.with(|c| c.as_ref().map(|c| preview(c, me)));
    let when = move || conversation.with(|c| c.as_ref().map(|c| host::when(c.updated_at)));
    view! {
        <li>
            <a
                class="row"
                href=Place::Conversation(id).path()
                aria-current=move || here.get().then_some("page")
                data-unread=move || (unread.get() > 0).to_string()
            >
                {move || with.get().map(|with| view! { <Avatar of=with /> })}
                <span class="row-text">
                    <span class="row-title">
                        {move || with.with(|with| with.as_ref().map(|with| with.display_name.clone()))}
                    </span>
                    " "
                    <span class="row-when">{when}</span>
                    " "
                    <span class="row-preview">{preview}</span>
                </span>
                " "
                <Show when=move || { unread.get() > 0 }>
                    <span class="badge">
                        {move || unread.get().min(99)}
                        <span class="visually-hidden">" unread"</span>
                    </span>
                </Show>
            </a>
        </li>
    }
}

fn preview(conversation: &Conversation, me: UserId) -> String {
    if conversation.live_call.is_some() {
        return "Call in progress".to_owned();
    }
    match (standing(conversation, me), &conversation.last_message) {
        (Standing::Invited, _) => "Would like to talk with you".to_owned(),
        (Standing::Waiting, _) => "Invitation sent".to_owned(),
        (Standing::Declined, _) => "Invitation declined".to_owned(),
        (Standing::Open, Some(message)) => summary(message, me),
        (Standing::Open, None) => "Say hello".to_owned(),
    }
}
