//! The end of every decision about a call, its start included.
//!
//! In the transaction: the line about a call that is over, and the answer to an idempotency key. After the
//! commit: cache, alarm, media engine, metrics, and messages to everyone who has to know.

use super::{
    outsiders,
    terms::{Answered, Terms},
};
use crate::{
    app::App,
    cluster::{delivery::Audience, limits::Limited},
    error::Answer,
    http::idempotency::IdempotencyKey,
    storage::{CachedCall, CallChange, Stored, Write},
    wire,
};
use parley_core::call::{Event, Record, audience};
use parley_protocol::{MessageId, ServerMessage, Timestamp, UserId, people::Message};
use std::sync::Arc;
use uuid::Uuid;

/// A decision whose changes of the call are written, but not committed.
pub struct Decided<'a> {
    /// The call before the decision; none when the call begins.
    pub before: Option<&'a Record>,
    pub after: CachedCall,
    pub deadline: Option<Timestamp>,
    pub events: &'a [Event],
}

/// Commits the decision, then updates the caches and publishes it.
pub async fn commit(
    app: &App,
    write: Write,
    decided: Decided<'_>,
    terms: Terms<'_>,
    now: Timestamp,
) -> Answer<Arc<CachedCall>> {
    let Decided { before, after, deadline, events } = decided;
    let line = closing_line(&write, &after.record, now).await?;
    let after = Arc::new(after);
    remember(app, &write, &after, terms, now).await?;
    write.commit().await?;
    // The limit is on calls that nobody answers.
    if before.is_some_and(|before| before.accepted_at.is_none()) && after.record.accepted_at.is_some() {
        app.limits.give_back(Limited::CallStarts, after.record.initiator_id).await;
    }
    app.metrics.call(before, &after.record, now);
    follow_up(app, &after, deadline, events, line);
    Ok(after)
}

/// Begins the transaction of a decision.
///
/// A decision is refused before its first write, if at all. So on SQLite, where transactions share a commit,
/// it needs no savepoint. With an idempotency key it may still fail after it was written, because an equal
/// request used the key first. Then only this transaction must be undone, which takes a savepoint.
pub async fn begin(app: &App, key: Option<&IdempotencyKey>) -> Stored<Write> {
    if key.is_some() { app.store.write().await } else { app.store.write_without_savepoint().await }
}

/// The line about a call that is over, and the people who see it.
type ClosingLine = Option<(Message, Vec<UserId>)>;

/// Writes the line about a call that is over into its conversation.
async fn closing_line(write: &Write, record: &Record, now: Timestamp) -> Stored<ClosingLine> {
    if record.status.is_live() {
        return Ok(None);
    }
    let message = wire::call::closing_line(record, MessageId(Uuid::now_v7()), now);
    let readers = write.insert_message(&message, audience::is_news(record)).await?;
    Ok(Some((message, readers)))
}

/// Stores the answer to the request, if it has a key.
async fn remember(
    app: &App,
    write: &Write,
    cached: &CachedCall,
    terms: Terms<'_>,
    now: Timestamp,
) -> Answer<()> {
    match (terms.key, terms.answer) {
        (None, _) => Ok(()),
        (Some(key), Answered::Access) => {
            key.remember(write, &wire::call::access(cached, key.user, &app.media, now), now).await
        }
        (Some(key), Answered::Call) => {
            key.remember(write, &wire::call::view(&cached.record, &cached.profiles.people), now).await
        }
    }
}

/// Stores the answer to a request that had nothing to change, if it has a key.
pub async fn remember_unchanged(
    app: &App,
    cached: &CachedCall,
    terms: Terms<'_>,
    now: Timestamp,
) -> Answer<()> {
    if terms.key.is_none() {
        return Ok(());
    }
    let write = app.store.write().await?;
    remember(app, &write, cached, terms, now).await?;
    Ok(write.commit().await?)
}

/// Updates what follows from a committed decision: cache, presence, alarm and media engine, and publishes
/// messages.
fn follow_up(
    app: &App,
    cached: &Arc<CachedCall>,
    deadline: Option<Timestamp>,
    events: &[Event],
    line: ClosingLine,
) {
    // The cache comes first: a device that reacts to the messages below must find the new call.
    app.call_cache.put(cached.clone());
    app.stale_presence.add(cached.record.participants.iter().map(|seat| seat.user_id));
    let (call, version) = (cached.record.id, cached.record.version);
    app.bus.changed(CallChange { call, version, over: !cached.record.status.is_live() });
    if let Some(deadline) = deadline {
        app.alarm.set(deadline);
    }
    app.media.follow(&cached.record, events);
    for (to, message) in wire::call::messages(cached, events, &app.media, app.clock.now()) {
        app.publish(to, &message);
    }
    outsiders::publish(app, cached, events);
    if let Some((message, readers)) = line {
        app.publish(vec![Audience::Users(readers)], &ServerMessage::MessageCreated { message });
    }
    let record = &cached.record;
    let happened: Vec<&str> = events.iter().map(Event::name).collect();
    tracing::info!(call = %record.id, status = %record.status, version = record.version, ?happened, "call");
}
