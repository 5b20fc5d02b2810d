//! One change of a call: load it, let the core decide, write it all in one transaction, tell everyone.

use super::{
    commit::{Decided, begin, commit, remember_unchanged},
    elsewhere::refuse_if_in_another,
    load,
    terms::Terms,
};
use crate::{
    app::App,
    error::{Answer, ApiError},
    storage::CachedCall,
};
use parley_core::call::{Call, Event, Input, Rejected};
use parley_protocol::{CallId, ErrorCode, Timestamp};
use std::sync::Arc;

/// How often a decision is made again because somebody else was quicker.
const ATTEMPTS: usize = 16;

/// The call as it is after the decision, and what the decision was.
pub struct Outcome {
    pub cached: Arc<CachedCall>,
    pub decided: Result<(), Rejected>,
    pub changed: bool,
}

impl Outcome {
    /// The call; a refusal becomes an error.
    pub fn accepted(self) -> Answer<Arc<CachedCall>> {
        match self.decided {
            Ok(()) => Ok(self.cached),
            Err(rejected) => Err(ApiError::rejected(rejected, self.cached.record.id)),
        }
    }

    /// As `accepted`, but what has ended already may be ended again.
    pub fn or_over(self) -> Answer<Arc<CachedCall>> {
        match self.decided {
            Err(Rejected::Over) => Ok(self.cached),
            _ => self.accepted(),
        }
    }
}

pub async fn handle(app: &App, id: CallId, input: Input) -> Answer<Outcome> {
    change(app, id, Terms::default(), |call, now| call.handle(now, input)).await
}

/// The one way to change a call.
pub async fn change(
    app: &App,
    id: CallId,
    terms: Terms<'_>,
    decide: impl Fn(&mut Call, Timestamp) -> Result<Vec<Event>, Rejected>,
) -> Answer<Outcome> {
    for _ in 0..ATTEMPTS {
        let (cached, from_cache) = match app.call_cache.get(id) {
            Some(cached) => (cached, true),
            None => (load(app, id).await?, false),
        };
        let now = app.clock.now();
        let mut call = Call::restore(cached.record.clone(), app.config.rules);
        // What is over stays so.
        let may_be_old = from_cache && cached.record.status.is_live();
        let events = match decide(&mut call, now) {
            // Another server may have changed what would make a difference here.
            Ok(events) if events.is_empty() && may_be_old && app.call_cache.is_shared() => {
                app.call_cache.forget(id);
                continue;
            }
            Ok(events) if events.is_empty() => {
                remember_unchanged(app, &cached, terms, now).await?;
                return Ok(Outcome { cached, decided: Ok(()), changed: false });
            }
            Ok(events) => events,
            Err(_) if may_be_old => {
                app.call_cache.forget(id);
                continue;
            }
            Err(rejected) => return Ok(Outcome { cached, decided: Err(rejected), changed: false }),
        };
        let write = begin(app, terms.key).await?;
        if let Some(user) = terms.not_elsewhere {
            write.lock_users(&[user]).await?;
            refuse_if_in_another(&write, user, id).await?;
        }
        let deadline = call.deadline();
        if !write.save_call(&cached.record, call.record(), deadline, now, &events).await? {
            write.abandon().await?;
            app.call_cache.forget(id);
            continue;
        }
        let profiles = if call.record().participants.len() == cached.record.participants.len() {
            cached.profiles.clone()
        } else {
            write.profiles(call.record().participants.iter().map(|seat| seat.user_id)).await?
        };
        let after = CachedCall { record: call.record().clone(), profiles };
        let decided = Decided { before: Some(&cached.record), after, deadline, events: &events };
        let cached = commit(app, write, decided, terms, now).await?;
        return Ok(Outcome { cached, decided: Ok(()), changed: true });
    }
    Err(ApiError::new(ErrorCode::Conflict, "the call changes too fast; try again"))
}
