//! The only way to change a call: load it, let the core decide, write the result in one transaction, publish
//! it.
//!
//! No lock is held while the core decides. The call's version guards the write instead: if another request,
//! or another server, was faster, `save_call` writes nothing, and the decision is made again on the newer
//! call.
//!
//! The call comes from the cache if it is there. A cached call may be outdated, so an answer that would end
//! the request without a write is confirmed on the stored call first: a refusal of a live call always, and
//! "nothing to do" where several servers share the database. A decision that changes something needs no such check, since its write fails on an outdated
//! version.

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

/// The number of times that a decision is made before the request is refused.
const ATTEMPTS: usize = 16;

/// The call as it is after the decision, and what the decision was.
pub struct Outcome {
    pub cached: Arc<CachedCall>,
    pub decided: Result<(), Rejected>,
    pub changed: bool,
}

impl Outcome {
    /// Returns the call, or the rejection as an error.
    pub fn accepted(self) -> Answer<Arc<CachedCall>> {
        match self.decided {
            Ok(()) => Ok(self.cached),
            Err(rejected) => Err(ApiError::rejected(rejected, self.cached.record.id)),
        }
    }

    /// Returns the call, also when it was over already; any other rejection is an error.
    pub fn or_over(self) -> Answer<Arc<CachedCall>> {
        match self.decided {
            Err(Rejected::Over) => Ok(self.cached),
            _ => self.accepted(),
        }
    }
}

/// Hands an input to the call, without terms.
pub async fn handle(app: &App, id: CallId, input: Input) -> Answer<Outcome> {
    change(app, id, Terms::default(), |call, now| call.handle(now, input)).await
}

/// Changes a call by `decide`, which may be called several times, each time with a newer call.
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
        // A call that is over never changes again, so its cached copy is final.
        let may_be_old = from_cache && cached.record.status.is_live();
        let events = match decide(&mut call, now) {
            // With several servers, one of them may have changed the call since, and the input may have an
            // effect on the newer call. A server alone has put every change into its cache.
            Ok(events) if events.is_empty() && may_be_old && app.call_cache.is_shared() => {
                app.call_cache.forget(id);
                continue;
            }
            Ok(events) if events.is_empty() => {
                remember_unchanged(app, &cached, terms, now).await?;
                return Ok(Outcome { cached, decided: Ok(()), changed: false });
            }
            Ok(events) => events,
            // The stored call may allow what the cached one does not.
            Err(_) if may_be_old => {
                app.call_cache.forget(id);
                continue;
            }
            Err(rejected) => return Ok(Outcome { cached, decided: Err(rejected), changed: false }),
        };
        let write = begin(app, terms.key).await?;
        if let Some(user) = terms.not_elsewhere {
            // The lock keeps other decisions about this person waiting until the commit. Without it, two
            // devices could enter two calls at once, each seeing that the person is in none.
            write.lock_users(&[user]).await?;
            refuse_if_in_another(&write, user, id).await?;
        }
        let deadline = call.deadline();
        if !write.save_call(&cached.record, call.record(), deadline, now, &events).await? {
            // Another decision was faster. `abandon` returns when the next transaction can begin.
            write.abandon().await?;
            app.call_cache.forget(id);
            continue;
        }
        // Seats are added and never removed, so as many seats as before means the same people.
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
