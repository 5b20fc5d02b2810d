//! One change of a call: load it, let the core decide, write it all in one transaction, tell everyone.

use super::{elsewhere::refuse_if_in_another, load, outsiders};
use crate::{
    app::App,
    cluster::limits::Limited,
    error::{Answer, ApiError},
    http::idempotency::Once,
    storage::{CallChange, Roster, Stored, Write},
    wire,
};
use parley_core::call::{Call, Event, Input, Record, Rejected, audience};
use parley_protocol::{CallId, ErrorCode, MessageId, ServerMessage, Timestamp, UserId, people::Message};
use std::sync::Arc;
use uuid::Uuid;

/// How often a decision is made again because somebody else was quicker.
const ATTEMPTS: usize = 16;

/// The call as it is after the decision, and what the decision was.
pub struct Outcome {
    pub roster: Arc<Roster>,
    pub decided: Result<(), Rejected>,
    pub changed: bool,
}

impl Outcome {
    /// The call; a refusal becomes an error.
    pub fn accepted(self) -> Answer<Arc<Roster>> {
        match self.decided {
            Ok(()) => Ok(self.roster),
            Err(rejected) => Err(ApiError::rejected(rejected, self.roster.record.id)),
        }
    }

    /// As `accepted`, but what has ended already may be ended again.
    pub fn or_over(self) -> Answer<Arc<Roster>> {
        match self.decided {
            Err(Rejected::Over) => Ok(self.roster),
            _ => self.accepted(),
        }
    }
}

pub async fn handle(app: &App, id: CallId, input: Input) -> Answer<Outcome> {
    change(app, id, Terms::default(), |call, now| call.handle(now, input)).await
}

/// What a change has to heed besides the call.
#[derive(Default, Clone, Copy)]
pub struct Terms<'a> {
    /// Remembers the answer, in the same transaction.
    pub once: Option<&'a Once>,
    pub answer: Answered,
    /// Refused while this person is in another call.
    pub not_elsewhere: Option<UserId>,
}

/// What the request is answered with.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// The call, and what a device needs to take part in it.
    Access,
    #[default]
    Call,
}

/// The one way to change a call.
pub async fn change(
    app: &App,
    id: CallId,
    terms: Terms<'_>,
    decide: impl Fn(&mut Call, Timestamp) -> Result<Vec<Event>, Rejected>,
) -> Answer<Outcome> {
    for _ in 0..ATTEMPTS {
        let (roster, from_cache) = match app.rosters.get(id) {
            Some(roster) => (roster, true),
            None => (load(app, id).await?, false),
        };
        let now = app.clock.now();
        let mut call = Call::restore(roster.record.clone(), app.config.rules);
        // What is over stays so.
        let may_be_old = from_cache && roster.record.status.is_live();
        let events = match decide(&mut call, now) {
            // Another server may have changed what would make a difference here.
            Ok(events) if events.is_empty() && may_be_old && app.rosters.is_shared() => {
                app.rosters.forget(id);
                continue;
            }
            Ok(events) if events.is_empty() => {
                remember_unchanged(app, &roster, terms, now).await?;
                return Ok(Outcome { roster, decided: Ok(()), changed: false });
            }
            Ok(events) => events,
            Err(_) if may_be_old => {
                app.rosters.forget(id);
                continue;
            }
            Err(rejected) => return Ok(Outcome { roster, decided: Err(rejected), changed: false }),
        };
        let write = begin(app, terms.once).await?;
        if let Some(user) = terms.not_elsewhere {
            write.lock_users(&[user]).await?;
            refuse_if_in_another(&write, user, id).await?;
        }
        let deadline = call.deadline();
        if !write.save_call(&roster.record, call.record(), deadline, now, &events).await? {
            write.abandon().await?;
            app.rosters.forget(id);
            continue;
        }
        let line = closing_line(&write, call.record(), now).await?;
        let known = if call.record().participants.len() == roster.record.participants.len() {
            roster.known.clone()
        } else {
            write.known(call.record().participants.iter().map(|seat| seat.user_id)).await?
        };
        let after = Arc::new(Roster { record: call.record().clone(), known });
        remember(app, &write, &after, terms, now).await?;
        write.commit().await?;
        if roster.record.accepted_at.is_none() && after.record.accepted_at.is_some() {
            app.limits.give_back(Limited::CallStarts, after.record.initiator_id).await;
        }
        app.metrics.call(Some(&roster.record), &after.record, now);
        done(app, &after, deadline, &events, line);
        return Ok(Outcome { roster: after, decided: Ok(()), changed: true });
    }
    Err(ApiError::new(ErrorCode::Conflict, "the call changes too fast; try again"))
}

/// A decision is refused before it is written. What can be refused later is a key that somebody else has used meanwhile.
pub(super) async fn begin(app: &App, once: Option<&Once>) -> Stored<Write> {
    if once.is_some() { app.store.write().await } else { app.store.write_surely().await }
}

/// A line in the conversation, and who reads it.
pub(super) type Line = Option<(Message, Vec<UserId>)>;

/// Writes the line about a call that is over.
pub(super) async fn closing_line(write: &Write, record: &Record, now: Timestamp) -> Stored<Line> {
    if record.status.is_live() {
        return Ok(None);
    }
    let message = wire::call::closing_line(record, MessageId(Uuid::now_v7()), now);
    let readers = write.insert_message(&message, audience::is_news(record)).await?;
    Ok(Some((message, readers)))
}

/// Keeps what the request is answered with, if it has a key.
pub(super) async fn remember(
    app: &App,
    write: &Write,
    roster: &Roster,
    terms: Terms<'_>,
    now: Timestamp,
) -> Answer<()> {
    match (terms.once, terms.answer) {
        (None, _) => Ok(()),
        (Some(once), Answered::Access) => {
            once.remember(write, &wire::call::access(roster, once.user, &app.media, now), now).await
        }
        (Some(once), Answered::Call) => {
            once.remember(write, &wire::call::view(&roster.record, &roster.known.faces), now).await
        }
    }
}

/// A request that found everything as it asks for is answered alike for as long as any other.
async fn remember_unchanged(app: &App, roster: &Roster, terms: Terms<'_>, now: Timestamp) -> Answer<()> {
    if terms.once.is_none() {
        return Ok(());
    }
    let write = app.store.write().await?;
    remember(app, &write, roster, terms, now).await?;
    Ok(write.commit().await?)
}

/// What follows a commit: cache, alarm, messages.
pub(super) fn done(
    app: &App,
    roster: &Arc<Roster>,
    deadline: Option<Timestamp>,
    events: &[Event],
    line: Line,
) {
    app.rosters.put(roster.clone());
    app.stale_presence.add(roster.record.participants.iter().map(|seat| seat.user_id));
    let (call, version) = (roster.record.id, roster.record.version);
    app.bus.changed(CallChange { call, version, over: !roster.record.status.is_live() });
    if let Some(deadline) = deadline {
        app.alarm.set(deadline);
    }
    app.media.follow(&roster.record, events);
    for (to, message) in wire::call::messages(roster, events, &app.media, app.clock.now()) {
        app.tell(to, &message);
    }
    outsiders::tell(app, roster, events);
    if let Some((message, readers)) = line {
        app.tell(
            vec![crate::cluster::delivery::Audience::Users(readers)],
            &ServerMessage::MessageCreated { message },
        );
    }
    let record = &roster.record;
    let happened: Vec<&str> = events.iter().map(Event::name).collect();
    tracing::info!(call = %record.id, status = %record.status, version = record.version, ?happened, "call");
}
