//! The messages of a conversation by day, and those that are still being sent.

use super::message_line::MessageLine;
use crate::components::kit::each::{Key, each, press};
use crate::words::{Word, fill, say};
use crate::{
    api::Failure,
    platform,
    state::inbox::{Older, Thread, Unsent, UnsentState, partner},
};
use leptos::prelude::*;
use parley_protocol::{
    UserId,
    people::{Conversation, ConversationKind, Message, MessageContent, UserSummary},
};
use std::sync::Arc;

/// The time within which messages of one person are grouped, in milliseconds.
const TOGETHER_MS: i64 = 5 * 60_000;

/// The flag of a message that is the first of its day.
const OPENS_DAY: u8 = 1;
/// The flag of a message that is the first of its group.
const LEADS: u8 = 2;

#[component]
pub fn MessageList(thread: Thread, me: UserId, conversation: Signal<Conversation>) -> impl IntoView {
    let (messages, looked_up) = (thread.messages(), thread.messages());
    let (unsent, waiting) = (thread.unsent(), thread.unsent());
    let kept = thread.clone();
    let line = move |(id, flags): Key| {
        let found = looked_up.with_untracked(|all| all.iter().find(|m| m.id.0.as_u128() == id).cloned());
        let Some(message) = found else { return ().into_any() };
        let day = (flags & OPENS_DAY != 0).then(|| platform::day_name(message.created_at));
        let with = conversation.with_untracked(|c| partner(c, me));
        let from = conversation.with_untracked(|c| sender(c, message.sender_id));
        let group = conversation.with_untracked(|c| c.kind == ConversationKind::Group);
        view! {
            {day.map(|day| view! { <li class="message-day">{day}</li> })}
            <MessageLine message me with from group leads=flags & LEADS != 0 />
        }
        .into_any()
    };
    let unsent_keys = move || {
        let key = |unsent: &Unsent| (unsent.number.into(), u8::from(unsent.state == UnsentState::Sending));
        unsent.with(|all| all.iter().map(key).collect())
    };
    let unsent_line = move |(number, _): Key| {
        let found =
            waiting.with_untracked(|all| all.iter().find(|u| u128::from(u.number) == number).cloned());
        found.map(|unsent| view! { <UnsentLine thread=kept.clone() unsent /> }).into_any()
    };
    let (written, sending, older) = (thread.messages(), thread.unsent(), thread.older());
    let nothing = move || {
        written.with(Vec::is_empty) && sending.with(Vec::is_empty) && older.with(|o| *o == Older::None)
    };
    view! {
        // The outer box is laid out in reverse, so that its scroll position stays at the newest line.
        <div class="message-list" role="log" aria-label=say(Word::Messages) tabindex="0">
            <div class="message-list-inner">
                <OlderMessages thread />
                <Show when=nothing>
                    <p class="message-none">{say(Word::NothingWritten)}</p>
                </Show>
                <ol class="messages">
                    {each(move || messages.with(|messages| arrange(messages)), Arc::new(line))}
                    {each(unsent_keys, Arc::new(unsent_line))}
                </ol>
            </div>
        </div>
    }
}

#[component]
fn OlderMessages(thread: Thread) -> impl IntoView {
    let older = thread.older();
    let label = move || {
        older.with(|older| match older {
            Older::Cursor(_) => Some(say(Word::ShowOlder)),
            Older::Failed(..) => Some(say(Word::OlderFailed)),
            Older::Loading => Some(say(Word::Loading)),
            Older::Unknown | Older::None => None,
        })
    };
    view! {
        {move || {
            let thread = thread.clone();
            label()
                .map(|label| {
                    view! {
                        <button type="button" class="text-button" on:click=press(move || thread.load_older())>
                            {label}
                        </button>
                    }
                })
        }}
    }
}

#[component]
fn UnsentLine(thread: Thread, unsent: Unsent) -> impl IntoView {
    let number = unsent.number;
    let sending = unsent.state == UnsentState::Sending;
    let trouble = match unsent.state {
        UnsentState::Sending => None,
        UnsentState::Failed(failure) => Some(view! {
            <p class="message-trouble" role="alert">
                {fill(Word::NotSent, &[("why", &reason(&failure))])}
                <button type="button" class="text-button" on:click=press(move || thread.send_again(number))>
                    {say(Word::SendAgain)}
                </button>
            </p>
        }),
    };
    view! {
        <li class="message" data-mine="true" data-sending=sending.to_string()>
            <p class="message-text">{unsent.text}</p>
            {trouble}
        </li>
    }
}

/// Returns the author of a message; a person who has left the conversation has no name there.
fn sender(conversation: &Conversation, id: UserId) -> UserSummary {
    let known = conversation.members.iter().find(|member| member.id == id).cloned();
    known.unwrap_or_else(|| UserSummary::named(id, say(Word::SomebodyLeft)))
}

/// Returns the reason why a message was not sent; empty while offline, because the page says that already.
fn reason(failure: &Failure) -> String {
    match failure {
        Failure::Unreachable => String::new(),
        Failure::Refused(_) => failure.sentence(),
    }
}

fn arrange(messages: &[Message]) -> Vec<Key> {
    let mut before: Option<&Message> = None;
    messages
        .iter()
        .map(|message| {
            let opens_day =
                before.is_none_or(|b| platform::day_of(b.created_at) != platform::day_of(message.created_at));
            let leads = opens_day || before.is_none_or(|b| !belong_together(b, message));
            before = Some(message);
            let flags = if opens_day { OPENS_DAY } else { 0 } | if leads { LEADS } else { 0 };
            (message.id.0.as_u128(), flags)
        })
        .collect()
}

fn belong_together(a: &Message, b: &Message) -> bool {
    let texts = [a, b].iter().all(|m| matches!(m.content, MessageContent::Text { .. }));
    texts && a.sender_id == b.sender_id && b.created_at.as_millis() - a.created_at.as_millis() < TOGETHER_MS
}
