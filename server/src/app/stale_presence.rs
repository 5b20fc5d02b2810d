//! The set of people whose presence may have changed since it was last published.

use parley_protocol::UserId;
use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// The set, and the wake-up of the presence loop.
#[derive(Default)]
pub struct StalePresence {
    users: Mutex<HashSet<UserId>>,
    wake: Notify,
}

impl StalePresence {
    pub fn add(&self, users: impl IntoIterator<Item = UserId>) {
        self.lock().extend(users);
        self.wake.notify_one();
    }

    /// Returns when somebody was added, also if that happened before this was called.
    pub async fn added(&self) {
        self.wake.notified().await;
    }

    /// Empties the set and returns its people.
    pub fn take(&self) -> Vec<UserId> {
        self.lock().drain().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<UserId>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
