//! Conversion of a call to the types of the protocol: adds names, credentials and ICE servers to the core's
//! record.
//!
//! The core decides who gets which message (`parley_core::call::audience`) and builds the messages.

use crate::{
    cluster::delivery::Audience,
    media::Media,
    storage::{CachedCall, Summaries},
};
use parley_core::call::{Event, News, Record, Seat, audience};
use parley_protocol::{
    MessageId, ServerMessage, Timestamp, UserId,
    call::Call,
    people::{Message, MessageContent, UserSummary},
    rest::{CallAccess, IceConfig},
};

/// Builds the call as its people see it.
pub fn view(record: &Record, people: &Summaries) -> Call {
    record.to_wire(|id| person(id, people))
}

/// Builds the call with the credentials for a device that takes part in it.
pub fn access(cached: &CachedCall, user: UserId, media: &Media, now: Timestamp) -> CallAccess {
    let CachedCall { record, profiles } = cached;
    let pass = media.admit(record, user, now);
    CallAccess { call: view(record, &profiles.people), pass, ice: ice(cached, media, user) }
}

/// Returns the ICE configuration for a device of this person.
pub fn ice(cached: &CachedCall, media: &Media, user: UserId) -> IceConfig {
    media.ice_in(cached.record.engine, user, cached.is_relayed(user))
}

/// Builds the message that makes a device of this person ring.
pub fn incoming(cached: &CachedCall, callee: &Seat, media: &Media, now: Timestamp) -> ServerMessage {
    let CachedCall { record, profiles } = cached;
    record.ring(callee, view(record, &profiles.people), ice(cached, media, callee.user_id), now)
}

/// Builds the message that a finished call leaves in its conversation.
pub fn closing_line(record: &Record, id: MessageId, now: Timestamp) -> Message {
    Message {
        id,
        conversation_id: record.conversation_id,
        sender_id: record.initiator_id,
        content: MessageContent::Call {
            call_id: record.id,
            call_type: record.call_type,
            status: record.status,
            duration_seconds: record.duration_seconds(),
        },
        created_at: now,
    }
}

/// Lists the messages that these events cause, in order, each with its recipients.
pub fn messages(
    cached: &CachedCall,
    events: &[Event],
    media: &Media,
    now: Timestamp,
) -> Vec<(Vec<Audience>, ServerMessage)> {
    let CachedCall { record, profiles } = cached;
    let notices = audience::notices(record, events, &profiles.undisturbed);
    let call = view(record, &profiles.people);
    let message = |news: News| news.message(record, &call, |user| ice(cached, media, user), now);
    notices.into_iter().filter_map(|notice| Some((notice.to, message(notice.news)?))).collect()
}

fn person(id: UserId, people: &Summaries) -> UserSummary {
    people.get(&id).cloned().unwrap_or_else(|| UserSummary::named(id, ""))
}
