//! Ringing more people into a running call.

use super::{may_ring, members, service::change, terms::Terms};
use crate::{
    app::App,
    cluster::limits::Limited,
    error::{Answer, ApiError},
    http::idempotency::IdempotencyKey,
    storage::CachedCall,
};
use parley_core::call::{Callee, Reach};
use parley_protocol::{CallId, UserId, limits};
use std::{collections::BTreeSet, sync::Arc};

/// Rings more members of the conversation into the call.
pub async fn invite(
    app: &App,
    id: CallId,
    by: UserId,
    asked: &[UserId],
    key: Option<&IdempotencyKey>,
) -> Answer<Arc<CachedCall>> {
    may_ring(app)?;
    let (_, conversation) = members::check(app, id, by).await?;
    if !(1..=limits::GROUP_MAX).contains(&asked.len()) {
        return Err(ApiError::field("user_ids", format!("must be 1 to {}", limits::GROUP_MAX)));
    }
    if !asked.iter().all(|user| conversation.has(*user)) {
        return Err(ApiError::not_found());
    }
    let named: BTreeSet<_> = asked.iter().filter(|user| **user != by).collect();
    app.limits.take_several(Limited::Invitations, by, named.len(), app.clock.now()).await?;
    // Read without a lock: a person who begins another call at this moment is rung all the same, as if they
    // had begun it a moment later.
    let live = app.store.live_calls_of_all(asked).await?;
    let elsewhere: Vec<_> = live.into_iter().filter(|call| call.id != id).collect();
    let deaf = app.store.blockers_among(asked, by).await?;
    let choices = app.store.choices(asked).await?;
    let lets_wait = |user| choices.get(&user).is_some_and(|chosen| chosen.call_waiting);
    let callees: Vec<Callee> = asked
        .iter()
        .map(|user| Callee {
            user: *user,
            reach: Reach::of(*user, &elsewhere, deaf.contains(user), lets_wait(*user)),
        })
        .collect();
    let terms = Terms { key, ..Terms::default() };
    let cached = change(app, id, terms, |call, now| call.invite(now, by, &callees)).await?.accepted()?;
    members::drop_former_members(app, cached).await
}
