//! Calls that are in use, as they were last written: spares a read per signal.
//!
//! Only a cache: a write is guarded by the version in the database, and a refusal that was decided here is
//! decided again on what is stored.

use crate::storage::Names;
use parley_core::call::Record;
use parley_protocol::{CallId, UserId};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Calls that have ended and are kept for those who ask late.
const ENDED_MAX: usize = 1_024;

#[derive(Debug, Clone)]
pub struct Roster {
    pub record: Record,
    pub names: Names,
}

#[derive(Default)]
pub struct Rosters(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    calls: HashMap<CallId, Arc<Roster>>,
    ended: VecDeque<CallId>,
}

impl Rosters {
    pub fn get(&self, id: CallId) -> Option<Arc<Roster>> {
        self.lock().calls.get(&id).cloned()
    }

    /// Keeps it unless something newer is known.
    pub fn put(&self, roster: Arc<Roster>) {
        let mut kept = self.lock();
        let id = roster.record.id;
        let known = kept.calls.get(&id).map(|known| (known.record.version, known.record.status.is_live()));
        if known.is_some_and(|(version, _)| version >= roster.record.version) {
            return;
        }
        if !roster.record.status.is_live() {
            kept.ended.push_back(id);
            if kept.ended.len() > ENDED_MAX
                && let Some(oldest) = kept.ended.pop_front()
            {
                kept.calls.remove(&oldest);
            }
        }
        kept.calls.insert(id, roster);
    }

    pub fn forget(&self, id: CallId) {
        self.lock().calls.remove(&id);
    }

    /// The person has another name now.
    pub fn forget_person(&self, user: UserId) {
        self.lock().calls.retain(|_, roster| roster.record.seat(user).is_none());
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
