//! The cache of sessions of people who are connected to this server. It saves a database read per request.
//!
//! A cached session counts while a socket of it is open here, because the end of a session closes its sockets
//! on every server. That works only while servers reach one another, so the cache is ignored while the bus is
//! down, and an entry is ignored once a message between servers may have been lost since it was read.

use crate::cluster::{bus::Bus, hub::Hub};
use parley_protocol::{SessionId, Timestamp, UserId};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The number of entries from which on those without a socket are removed before the map grows.
const KEPT_MIN: usize = 1_024;

/// The cached sessions, by the digest of their token.
#[derive(Default)]
pub struct KnownSessions(Mutex<HashMap<String, KnownSession>>);

/// A cached session.
#[derive(Debug, Clone, Copy)]
pub struct KnownSession {
    pub user: UserId,
    pub session: SessionId,
    pub expires_at: Timestamp,
    /// The hub's gap count from before the session was read. A message that is lost while it is read counts
    /// as well.
    pub gaps: u64,
}

impl KnownSessions {
    /// Returns the session if the cached one still counts.
    pub fn get(&self, hub: &Hub, bus: &dyn Bus, digest: &str, now: Timestamp) -> Option<KnownSession> {
        let known = *self.lock().get(digest)?;
        let is_good = known.expires_at > now
            && known.gaps == hub.gap_count()
            && bus.is_up()
            && hub.vouches_for(known.user, known.session);
        is_good.then_some(known)
    }

    /// Keeps a session that was read, if a socket of it is open here.
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

    /// Forgets sessions whose expiry was moved.
    pub fn forget(&self, sessions: &[SessionId]) {
        self.lock().retain(|_, known| !sessions.contains(&known.session));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, KnownSession>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
