//! The cache of calls in use, as they were last written, which spares a read of the database per signal.
//!
//! A cached call may be out of date. That does no harm: every write checks the version in the database, and a
//! refusal that was decided on a cached call is decided again on the stored one. With several servers, a
//! decision that would change nothing is made again too, and a call is kept only while this server is
//! subscribed to its changes.

use super::{Profiles, Store, Stored};
use parley_core::call::Record;
use parley_protocol::{CallId, UserId};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

/// The most ended calls that are kept, for requests that come late.
const ENDED_MAX: usize = 1_024;

/// A call with the profiles of its people.
#[derive(Debug, Clone)]
pub struct CachedCall {
    pub record: Record,
    pub profiles: Profiles,
}

impl CachedCall {
    /// Tells whether the person wants to be reached through a relay alone.
    pub fn is_relayed(&self, user: UserId) -> bool {
        self.profiles.relayed.contains(&user)
    }
}

impl Store {
    /// Adds the profiles of its people to a call.
    pub async fn with_profiles(&self, record: Record) -> Stored<Arc<CachedCall>> {
        let profiles = self.profiles(record.participants.iter().map(|seat| seat.user_id)).await?;
        Ok(Arc::new(CachedCall { record, profiles }))
    }
}

/// A callback that subscribes to the changes of a call, or unsubscribes from them.
type Watch = Box<dyn Fn(CallId, bool) + Send + Sync>;

/// The part of a change that the caches of other servers have to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallChange {
    pub call: CallId,
    pub version: u32,
    pub over: bool,
}

#[derive(Default)]
pub struct CallCache {
    kept: Mutex<Kept>,
    watch: OnceLock<Watch>,
}

#[derive(Default)]
struct Kept {
    calls: HashMap<CallId, Slot>,
    ended: VecDeque<CallId>,
}

struct Slot {
    /// The call; `None` until it is watched, and after it has turned out to be old.
    cached: Option<Arc<CachedCall>>,
    /// The newest version that this server has heard of.
    newest: u32,
    /// Whether this server is subscribed to changes by others.
    watched: bool,
}

impl CallCache {
    /// Declares that there are other servers. `watch` is called with true when the changes of a call are
    /// needed, and with false when they are not needed any longer.
    pub fn share(&self, watch: impl Fn(CallId, bool) + Send + Sync + 'static) {
        // Called once, while the server starts.
        let _ = self.watch.set(Box::new(watch));
    }

    /// Tells whether there are other servers.
    pub fn is_shared(&self) -> bool {
        self.watch.get().is_some()
    }

    pub fn get(&self, id: CallId) -> Option<Arc<CachedCall>> {
        self.lock().calls.get(&id)?.cached.clone()
    }

    /// Keeps the call, unless a newer version is known.
    pub fn put(&self, cached: Arc<CachedCall>) {
        let (id, version, live) = (cached.record.id, cached.record.version, cached.record.status.is_live());
        let mut unwatch = None;
        let mut kept = self.lock();
        let slot = kept.calls.get(&id);
        let is_new = slot.is_none();
        let watched = self.watch.get().is_none() || slot.is_some_and(|slot| slot.watched);
        let kept_version = slot.and_then(|slot| Some(slot.cached.as_ref()?.record.version));
        let newest = slot.map_or(version, |slot| slot.newest);
        if version < newest || kept_version == Some(version) {
            return;
        }
        if !live && kept_version.is_none_or(|before| before < version) {
            kept.ended.push_back(id);
            if kept.ended.len() > ENDED_MAX
                && let Some(oldest) = kept.ended.pop_front()
            {
                kept.calls.remove(&oldest);
                unwatch = Some(oldest);
            }
        }
        // Without a subscription the call itself is not kept, because another server could change it
        // unnoticed. The slot is: it asks for the subscription, and remembers the newest version.
        kept.calls.insert(id, Slot { cached: watched.then_some(cached), newest: version, watched });
        drop(kept);
        if let Some(watch) = self.watch.get() {
            if let Some(oldest) = unwatch {
                watch(oldest, false);
            }
            if is_new {
                watch(id, true);
            }
        }
    }

    pub fn forget(&self, id: CallId) {
        if let Some(slot) = self.lock().calls.get_mut(&id) {
            slot.cached = None;
        }
    }

    /// Drops the calls of a person whose profile has changed.
    pub fn forget_person(&self, user: UserId) {
        for slot in self.lock().calls.values_mut() {
            slot.cached.take_if(|cached| cached.record.seat(user).is_some());
        }
    }

    /// Notes that this server is subscribed to these calls, so that they may be kept.
    pub fn watched(&self, calls: impl Iterator<Item = CallId>) {
        let mut kept = self.lock();
        for id in calls {
            if let Some(slot) = kept.calls.get_mut(&id) {
                slot.watched = true;
            }
        }
    }

    /// Drops a call that another server has changed, unless the version here is as new.
    pub fn outdated(&self, changed: CallChange) {
        let mut kept = self.lock();
        let Some(slot) = kept.calls.get_mut(&changed.call) else { return };
        slot.newest = slot.newest.max(changed.version);
        slot.cached.take_if(|cached| cached.record.version < changed.version);
        // An ended call changes no more, so its slot and its subscription can go.
        let over = changed.over && slot.cached.is_none();
        if over {
            kept.calls.remove(&changed.call);
        }
        drop(kept);
        if over && let Some(watch) = self.watch.get() {
            watch(changed.call, false);
        }
    }

    /// Drops everything, because changes by others may have been missed. The subscriptions go too; `put` asks
    /// for new ones.
    pub fn forget_all(&self) {
        let mut kept = self.lock();
        kept.ended.clear();
        let calls: Vec<CallId> = kept.calls.drain().map(|(id, _)| id).collect();
        drop(kept);
        if let Some(watch) = self.watch.get() {
            for id in calls {
                watch(id, false);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
