//! One line of a conversation: something written, or what became of a call.

use super::{
    call_timer::clock,
    icon::{Glyph, Icon},
};
use crate::{call::handle::CallHandle, host};
use leptos::prelude::*;
use parley_protocol::{
    ConversationId, Timestamp, UserId,
    call::{CallStatus, CallType},
    people::{Message, MessageContent, UserSummary},
};

/// The line in a few words, for lists.
pub fn summary(message: &Message, me: UserId) -> String {
    match &message.content {
        MessageContent::Text { text } if message.sender_id == me => format!("You: {text}"),
        MessageContent::Text { text } => text.clone(),
        MessageContent::Call { call_type, status, duration_seconds, .. } => {
            call_sentence(*call_type, *status, *duration_seconds, message.sender_id == me)
        }
    }
}

#[component]
pub fn MessageLine(
    message: Message,
    me: UserId,
    with: UserSummary,
    /// Whether it begins what this person says in a row.
    leads: bool,
) -> impl IntoView {
    let mine = message.sender_id == me;
    let at = message.created_at;
    match message.content {
        MessageContent::Text { text } => view! {
            <li class="message" data-mine=mine.to_string() data-leads=leads.to_string()>
                <span class="visually-hidden">
                    {if mine { "You: ".to_owned() } else { format!("{}: ", with.display_name) }}
                </span>
                <p class="message-text">{linked(&text)}</p>
                <Time at />
            </li>
        }
        .into_any(),
        MessageContent::Call { call_type, status, duration_seconds, .. } => {
            let sentence = call_sentence(call_type, status, duration_seconds, mine);
            let missed = !mine && was_missed(status);
            view! { <CallLine id=message.conversation_id with call_type sentence missed at /> }.into_any()
        }
    }
}

#[component]
fn CallLine(
    id: ConversationId,
    with: UserSummary,
    call_type: CallType,
    sentence: String,
    missed: bool,
    at: Timestamp,
) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let glyph = match (missed, call_type) {
        (true, _) => Glyph::PhoneMissed,
        (false, CallType::Video) => Glyph::Video,
        (false, CallType::Audio) => Glyph::Phone,
    };
    view! {
        <li class="call-line" data-missed=missed.to_string()>
            <Icon of=glyph />
            <span>{sentence}</span>
            <Time at />
            <button
                type="button"
                class="text-button"
                on:click=move |_| handle.start(id, with.clone(), call_type)
            >
                "Call back"
            </button>
        </li>
    }
}

#[component]
fn Time(at: Timestamp) -> impl IntoView {
    view! {
        <time class="message-time" datetime=at.to_string()>
            {host::time_of_day(at)}
        </time>
    }
}

fn was_missed(status: CallStatus) -> bool {
    matches!(status, CallStatus::Missed | CallStatus::Canceled | CallStatus::Busy)
}

fn call_sentence(call_type: CallType, status: CallStatus, seconds: Option<u32>, mine: bool) -> String {
    let call = match call_type {
        CallType::Audio => "audio call",
        CallType::Video => "video call",
    };
    let title = match call_type {
        CallType::Audio => "Audio call",
        CallType::Video => "Video call",
    };
    match (status, mine) {
        (status, _) if status.is_live() => format!("{title} in progress"),
        (CallStatus::Ended, _) => match seconds {
            Some(seconds) => format!("{title} ended, {}", clock(seconds.into())),
            None => format!("{title} ended"),
        },
        (CallStatus::Declined, _) => format!("{title} declined"),
        (CallStatus::Canceled, true) => format!("{title} canceled"),
        (CallStatus::Busy, true) => format!("{title}: busy"),
        (CallStatus::Missed, true) => format!("{title}: no answer"),
        (status, false) if was_missed(status) => format!("Missed {call}"),
        _ => format!("{title} failed"),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Link(&'a str),
}

/// The text with its web addresses made clickable.
fn linked(text: &str) -> Vec<AnyView> {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned().into_any(),
            Piece::Link(address) => view! {
                <a href=address.to_owned() target="_blank" rel="noopener noreferrer">
                    {address.to_owned()}
                </a>
            }
            .into_any(),
        })
        .collect()
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = next_link(rest) {
        let (before, from) = rest.split_at(start);
        let end = from.find(char::is_whitespace).unwrap_or(from.len());
        // A full stop or a bracket after an address belongs to the sentence.
        let address = from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '"', '\'', '>']);
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Link(address));
        rest = &from[address.len()..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// Only web addresses with something behind the slashes, at the beginning of a word.
fn next_link(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find("http").map(|at| from + at) {
        let begins_word = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let behind = text[at..].strip_prefix("https://").or_else(|| text[at..].strip_prefix("http://"));
        if begins_word && behind.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric())) {
            return Some(at);
        }
        from = at + 4;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Piece::*, pieces};

    #[test]
    fn addresses_become_links_and_the_rest_stays_text() {
        assert_eq!(pieces("hello"), [Text("hello")]);
        assert_eq!(
            pieces("(see https://a.example/x?y=1)."),
            [Text("(see "), Link("https://a.example/x?y=1"), Text(")."),]
        );
        assert_eq!(pieces("http://a http://b"), [Link("http://a"), Text(" "), Link("http://b")]);
        assert_eq!(
            pieces("http:// xhttp://a javascript:alert(1)"),
            [Text("http:// xhttp://a javascript:alert(1)")]
        );
    }
}
