//! One line of a conversation: a message, or a call with its outcome.

use super::linked_text::linked;
use crate::components::{
    call::timer::clock,
    kit::{
        each::press,
        icon::{Glyph, Icon},
    },
};
use crate::words::{Word, fill, say};
use crate::{call::handle::CallHandle, platform};
use leptos::prelude::*;
use parley_protocol::{
    ConversationId, Timestamp, UserId,
    call::{CallStatus, CallType},
    people::{Message, MessageContent, UserSummary},
};

/// Returns a short text for the line, for lists.
pub fn summary(message: &Message, me: UserId) -> String {
    match &message.content {
        MessageContent::Text { text } if message.sender_id == me => fill(Word::YouSaid, &[("text", text)]),
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
    /// The author.
    from: UserSummary,
    /// Whether it belongs to a group, where the author's name is shown.
    group: bool,
    /// Whether it is the first of consecutive messages by one author.
    leads: bool,
) -> impl IntoView {
    let mine = message.sender_id == me;
    let at = message.created_at;
    match message.content {
        MessageContent::Text { text } => view! {
            <li class="message" data-mine=mine.to_string() data-leads=leads.to_string()>
                {if group && leads && !mine {
                    view! { <p class="message-from">{from.display_name}</p> }.into_any()
                } else {
                    let who = if mine { fill(Word::YouSaid, &[]) } else { format!("{}: ", from.display_name) };
                    view! { <span class="visually-hidden">{who}</span> }.into_any()
                }}
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
                on:click=press(move || handle.start(id, with.clone(), call_type))
            >
                {say(Word::CallBack)}
            </button>
        </li>
    }
}

#[component]
fn Time(at: Timestamp) -> impl IntoView {
    view! {
        <time class="message-time" datetime=at.to_string()>
            {platform::time_of_day(at)}
        </time>
    }
}

fn was_missed(status: CallStatus) -> bool {
    matches!(status, CallStatus::Missed | CallStatus::Canceled | CallStatus::Busy)
}

fn call_sentence(call_type: CallType, status: CallStatus, seconds: Option<u32>, mine: bool) -> String {
    let video = call_type == CallType::Video;
    let either = |with_video, without| if video { with_video } else { without };
    let word = match (status, mine) {
        (status, _) if status.is_live() => either(Word::VideoLive, Word::AudioLive),
        (CallStatus::Ended, _) if seconds.is_some() => either(Word::VideoLasted, Word::AudioLasted),
        (CallStatus::Ended, _) => either(Word::VideoEnded, Word::AudioEnded),
        (CallStatus::Declined, _) => either(Word::VideoDeclined, Word::AudioDeclined),
        (CallStatus::Canceled, true) => either(Word::VideoCanceled, Word::AudioCanceled),
        (CallStatus::Busy, true) => either(Word::VideoBusy, Word::AudioBusy),
        (CallStatus::Missed, true) => either(Word::VideoNoAnswer, Word::AudioNoAnswer),
        (status, false) if was_missed(status) => either(Word::VideoMissed, Word::AudioMissed),
        _ => either(Word::VideoFailed, Word::AudioFailed),
    };
    fill(word, &[("time", &clock(seconds.unwrap_or(0).into()))])
}
