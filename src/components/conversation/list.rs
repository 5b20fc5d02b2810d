//! The list of the person's conversations, newest first.

use super::{message_line::summary, status};
use crate::components::{
    kit::{
        avatar::Avatar,
        each::{Key, each, flag, press, text},
    },
    people::presence::{PresenceDot, PresenceWords},
};
use crate::words::{Word, fill, say};
use crate::{
    platform,
    router::Route,
    state::inbox::{Inbox, Loaded, Standing, partner, standing},
};
use leptos::prelude::*;
use parley_protocol::{
    ConversationId, UserId,
    people::{Conversation, ConversationKind, MessageContent},
};
use std::sync::Arc;
use uuid::Uuid;

#[component]
pub fn ConversationList(route: Memo<Route>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let all = inbox.conversations();
    let keys = move || all.with(|all| all.iter().map(|c| (c.id.0.as_u128(), 0)).collect());
    let row = move |(id, _): Key| {
        let id = ConversationId(Uuid::from_u128(id));
        view! { <Row id route /> }.into_any()
    };
    let empty = Memo::new(move |_| all.with(Vec::is_empty));
    view! {
        <nav class="conversation-list" aria-label=say(Word::Conversations)>
            <ul class="rows">
                {each(keys, Arc::new(row))}
            </ul>
            {move || {
                let empty = empty.get();
                match inbox.loaded().get() {
                    Loaded::Ready if empty => Some(view! { <NothingYet /> }.into_any()),
                    Loaded::Waiting if empty => Some(view! { <Waiting /> }.into_any()),
                    Loaded::Failed(failure) => {
                        let retry = move || inbox.reload();
                        Some(
                            view! {
                                <div class="list-note">
                                    <p>{failure.sentence()}</p>
                                    <button type="button" class="button" on:click=press(retry)>
                                        {say(Word::TryAgain)}
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
            <h2>{say(Word::NobodyHereYet)}</h2>
            <p>
                {say(Word::HowToBegin)}
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
fn Row(id: ConversationId, route: Memo<Route>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let me = inbox.me().id;
    let conversation = inbox.conversation(id);
    let Some(with) = conversation.with_untracked(|found| found.as_ref().map(|c| partner(c, me))) else {
        return ().into_any();
    };
    let read = move |what: fn(&Conversation, UserId) -> String| {
        text(move || conversation.with(|c| c.as_ref().map_or_else(String::new, |c| what(c, me))))
    };
    let direct =
        conversation.with_untracked(|c| c.as_ref().is_some_and(|c| c.kind == ConversationKind::Direct));
    let words = read(preview);
    let typing = move || conversation.with(|c| c.as_ref().and_then(|c| status::typing(inbox, c)));
    let here = move || route.with(|route| *route == Route::Conversation(id));
    let unread = move || conversation.with(|c| c.as_ref().map_or(0, |c| c.unread));
    view! {
        <li>
            <a
                class="row"
                href=Route::Conversation(id).path()
                aria-current=text(move || if here() { "page" } else { "false" }.to_owned())
                data-unread=flag(move || unread() > 0)
            >
                <span class="with-presence" data-kind=if direct { "direct" } else { "group" }>
                    <Avatar of=with.clone() />
                    {direct.then(|| view! { <PresenceDot of=with.id /> })}
                </span>
                <span class="row-text">
                    <span class="row-title">{read(|c, me| partner(c, me).display_name)}</span>
                    " "
                    {direct.then(|| view! { <PresenceWords of=with.id /> })}
                    " "
                    <span class="row-when">{read(|c, _| platform::when(c.updated_at))}</span>
                    " "
                    <span class="row-preview" data-typing=flag(move || typing().is_some())>
                        {text(move || typing().unwrap_or_else(|| words.get()))}
                    </span>
                </span>
                " "
                <Show when=move || { unread() > 0 }>
                    <span class="badge">
                        {text(move || unread().min(99).to_string())}
                        <span class="visually-hidden">{say(Word::UnreadMark)}</span>
                    </span>
                </Show>
            </a>
        </li>
    }
    .into_any()
}

fn preview(conversation: &Conversation, me: UserId) -> String {
    if conversation.live_call.is_some() {
        return say(Word::CallInProgress).to_owned();
    }
    let group = conversation.kind == ConversationKind::Group;
    // In a group the preview names the author.
    let from = conversation.last_message.as_ref().filter(|message| {
        group && message.sender_id != me && matches!(message.content, MessageContent::Text { .. })
    });
    let from = from.and_then(|message| {
        let member = conversation.members.iter().find(|member| member.id == message.sender_id);
        member.map(|member| member.display_name.clone())
    });
    match (standing(conversation, me), &conversation.last_message) {
        (Standing::Invited, _) if group => say(Word::InvitesYouToAGroup).to_owned(),
        (Standing::Invited, _) => say(Word::InvitesYou).to_owned(),
        (Standing::Waiting, _) => say(Word::InvitationSent).to_owned(),
        (Standing::Declined, _) => say(Word::InvitationDeclined).to_owned(),
        (Standing::Open, Some(message)) => match from {
            Some(from) => fill(Word::SomebodySaid, &[("name", &from), ("text", &summary(message, me))]),
            None => summary(message, me),
        },
        (Standing::Open, None) => say(Word::SayHello).to_owned(),
    }
}
