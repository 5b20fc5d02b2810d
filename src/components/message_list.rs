//! What was said in a conversation, by day, and what is still on its way.

use super::message_line::MessageLine;
use crate::{
    api::Failure,
    host,
    inbox::{Older, Thread, Unsent, UnsentState},
};
use leptos::prelude::*;
use parley_protocol::{
    UserId,
    people::{Message, MessageContent, UserSummary},
};

/// Lines of one person that are closer than this belong together, in milliseconds.
const TOGETHER_MS: i64 = 5 * 60_000;

/// A message and how it stands to the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    message: Message,
    /// It is the first of its day.
    opens_day: bool,
    leads: bool,
}

#[component]
pub fn MessageList(thread: Thread, me: UserId, with: UserSummary) -> impl IntoView {
    let messages = thread.messages();
    let unsent = thread.unsent();
    let lines = move || messages.with(|messages| arrange(messages));
    let with = StoredValue::new(with);
    let kept = StoredValue::new(thread.clone());
    view! {
        // The outer box runs upwards, so that it stays at the newest line by itself.
        <div class="message-list" role="log" aria-label="Messages" tabindex="0">
            <div class="message-list-inner">
                <OlderMessages thread />
                <ol class="messages">
                    <For
                        each=lines
                        key=|line| (line.message.id, line.opens_day, line.leads)
                        children=move |line| {
                            let day = line.opens_day.then(|| host::day_name(line.message.created_at));
                            view! {
                                {day.map(|day| view! { <li class="message-day">{day}</li> })}
                                <MessageLine message=line.message me with=with.get_value() leads=line.leads />
                            }
                        }
                    />
                    <For
                        each=move || unsent.get()
                        key=|unsent| (unsent.number, unsent.state == UnsentState::Sending)
                        children=move |unsent| view! { <UnsentLine thread=kept.get_value() unsent /> }
                    />
                </ol>
            </div>
        </div>
    }
}

#[component]
fn OlderMessages(thread: Thread) -> impl IntoView {
    let older = thread.older();
    let messages = thread.messages();
    let label = Memo::new(move |_| {
        let empty = messages.with(Vec::is_empty);
        older.with(|older| match older {
            Older::Cursor(_) => Some("Show older messages"),
            Older::Failed(..) => Some("Could not load messages. Try again"),
            Older::Loading => Some("Loading…"),
            Older::None if empty => None,
            Older::Unknown | Older::None => None,
        })
    });
    view! {
        {move || {
            let thread = thread.clone();
            label
                .get()
                .map(|label| {
                    view! {
                        <button type="button" class="text-button" on:click=move |_| thread.load_older()>
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
                {format!("Not sent. {}", reason(&failure))}
                <button type="button" class="text-button" on:click=move |_| thread.send_again(number)>
                    "Send again"
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

/// The page says already that it is offline.
fn reason(failure: &Failure) -> String {
    match failure {
        Failure::Unreachable => String::new(),
        Failure::Refused(_) => failure.sentence(),
    }
}

fn arrange(messages: &[Message]) -> Vec<Line> {
    let mut before: Option<&Message> = None;
    messages
        .iter()
        .map(|message| {
            let opens_day =
                before.is_none_or(|b| host::day_of(b.created_at) != host::day_of(message.created_at));
            let leads = opens_day || before.is_none_or(|b| !belong_together(b, message));
            before = Some(message);
            Line { message: message.clone(), opens_day, leads }
        })
        .collect()
}

fn belong_together(a: &Message, b: &Message) -> bool {
    let texts = [a, b].iter().all(|m| matches!(m.content, MessageContent::Text { .. }));
    texts && a.sender_id == b.sender_id && b.created_at.as_millis() - a.created_at.as_millis() < TOGETHER_MS
}
