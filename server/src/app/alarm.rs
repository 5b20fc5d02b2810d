//! The alarm of the calls' deadlines: sleeps towards the next one, and wakes early when an earlier one is set.

use parley_protocol::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::{Mutex, MutexGuard, Notify};

pub struct Alarm {
    earlier: Notify,
    next: AtomicI64,
    sweeping: Mutex<()>,
}

impl Default for Alarm {
    fn default() -> Self {
        Self { earlier: Notify::new(), next: AtomicI64::new(i64::MAX), sweeping: Mutex::default() }
    }
}

impl Alarm {
    /// Wakes the sleeper when this deadline is earlier than the one that it sleeps towards.
    pub fn set(&self, deadline: Timestamp) {
        if deadline.0 < self.next.load(Ordering::SeqCst) {
            self.earlier.notify_one();
        }
    }

    /// Forgets the next deadline: until it is known again, every new one wakes.
    pub fn clear(&self) {
        self.next.store(i64::MAX, Ordering::SeqCst);
    }

    pub fn sleep_towards(&self, deadline: Timestamp) {
        self.next.store(deadline.0, Ordering::SeqCst);
    }

    /// Returns when an earlier deadline was set.
    pub async fn woken(&self) {
        self.earlier.notified().await;
    }

    /// Waits for the sweep that runs already, so that every deadline is decided when both are done.
    pub async fn sweep_alone(&self) -> MutexGuard<'_, ()> {
        self.sweeping.lock().await
    }
}
