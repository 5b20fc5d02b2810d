//! A call in the words of the protocol: names and ICE for what the core says of it.
//!
//! Recipients are decided by `parley_core::call::audience`, and messages are built beside it.

use crate::{
    cluster::delivery::Audience,
    media::Media,
    storage::{Faces, Roster},
};
use parley_core::call::{Event, News, Record, Seat, audience};
use parley_protocol::{
    MessageId, ServerMessage, Timestamp, UserId,
    call::Call,
    people::{Message, MessageContent, UserSummary},
    rest::{CallAccess, IceConfig},
};

/// The call as its people see it.
pub fn view(record: &Record, faces: &Faces) -> Call {
    record.to_wire(|id| person(id, faces))
}

/// The call for somebody whose device is to take part in it.
pub fn access(roster: &Roster, user: UserId, media: &Media, now: Timestamp) -> CallAccess {
    let Roster { record, known } = roster;
    let pass = media.admit(record, user, now);
    CallAccess { call: view(record, &known.faces), pass, ice: ice(roster, media, user) }
}

/// Returns the ways by which a device of this person may reach the others.
pub fn ice(roster: &Roster, media: &Media, user: UserId) -> IceConfig {
    media.ice_in(roster.record.engine, user, roster.is_relayed(user))
}

/// Builds the message that makes a device of this person ring.
pub fn incoming(roster: &Roster, callee: &Seat, media: &Media, now: Timestamp) -> ServerMessage {
    let Roster { record, known } = roster;
    record.ring(callee, view(record, &known.faces), ice(roster, media, callee.user_id), now)
}

/// The line that a finished call leaves in its conversation.
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
    roster: &Roster,
    events: &[Event],
    media: &Media,
    now: Timestamp,
) -> Vec<(Vec<Audience>, ServerMessage)> {
    let Roster { record, known } = roster;
    let notices = audience::notices(record, events, &known.undisturbed);
    let call = view(record, &known.faces);
    let message = |news: News| news.message(record, &call, |user| ice(roster, media, user), now);
    notices.into_iter().filter_map(|notice| Some((notice.to, message(notice.news)?))).collect()
}

fn person(id: UserId, faces: &Faces) -> UserSummary {
    faces.get(&id).cloned().unwrap_or_else(|| UserSummary::named(id, ""))
}
