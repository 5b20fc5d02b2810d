//! The sessions of people who are connected to this server: spares a read of the database per request.
//!
//! A session is believed while a socket of it is open, for that is cut on every server when the session ends; and only
//! while servers reach one another, and nothing was lost between them since the session was read.

use crate::cluster::{bus::Bus, hub::Hub};
use parley_protocol::{SessionId, Timestamp, UserId};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The number of sessions that are kept before those without a socket are looked for.
const KEPT_MIN: usize = 1_024;

/// Sessions by the digest of their token.
#[derive(Default)]
pub struct KnownSessions(Mutex<HashMap<String, KnownSession>>);

#[derive(Debug, Clone, Copy)]
pub struct KnownSession {
    pub user: UserId,
    pub session: SessionId,
    pub expires_at: Timestamp,
    /// The hub's count of gaps before the session was read.
    pub gaps: u64,
}

impl KnownSessions {
    pub fn get(&self, hub: &Hub, bus: &dyn Bus, digest: &str, now: Timestamp) -> Option<KnownSession> {
        let known = *self.lock().get(digest)?;
        let is_good = known.expires_at > now
            && known.gaps == hub.gap_count()
            && bus.is_up()
            && hub.vouches_for(known.user, known.session);
        is_good.then_some(known)
    }

    pub fn keep(&self, hub: &Hub, digest: String, session: KnownSession) {
        if !hub.vouches_for(session.user, session.session) {
            return;
        }
        let mut all = self.lock();
        if all.len() >= KEPT_MIN && all.len() == all.capacity() {
            all.retain(|_, known| hub.vouches_for(known.user, known.session));
        }
        all.insert(digest, session);
    }

    /// Forgets sessions whose ends were moved.
    pub fn forget(&self, sessions: &[SessionId]) {
        self.lock().retain(|_, known| !sessions.contains(&known.session));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, KnownSession>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
