//! The people whose presence may have changed since it was last worked out.

use parley_protocol::UserId;
use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

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

    /// Returns when somebody was added.
    pub async fn added(&self) {
        self.wake.notified().await;
    }

    /// Takes everyone out.
    pub fn take(&self) -> Vec<UserId> {
        self.lock().drain().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<UserId>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
