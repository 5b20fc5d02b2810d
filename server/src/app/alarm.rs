//! The alarm for the deadlines of calls: the deadline loop sleeps towards the next one, and is woken when an
//! earlier one is set.

use parley_protocol::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::{Mutex, MutexGuard, Notify};

/// The alarm clock of the deadline loop.
pub struct Alarm {
    earlier: Notify,
    /// The deadline that the loop sleeps towards, in milliseconds; the maximum while it knows none.
    next: AtomicI64,
    sweeping: Mutex<()>,
}

impl Default for Alarm {
    fn default() -> Self {
        Self { earlier: Notify::new(), next: AtomicI64::new(i64::MAX), sweeping: Mutex::default() }
    }
}

impl Alarm {
    /// Wakes the loop when this deadline is earlier than the one that it sleeps towards.
    pub fn set(&self, deadline: Timestamp) {
        if deadline.0 < self.next.load(Ordering::SeqCst) {
            self.earlier.notify_one();
        }
    }

    /// Forgets the next deadline. Until it is known again, every new deadline wakes the loop.
    pub fn clear(&self) {
        self.next.store(i64::MAX, Ordering::SeqCst);
    }

    pub fn sleep_towards(&self, deadline: Timestamp) {
        self.next.store(deadline.0, Ordering::SeqCst);
    }

    /// Returns when an earlier deadline was set, also if that happened before this was called.
    pub async fn woken(&self) {
        self.earlier.notified().await;
    }

    /// Waits for a sweep that is already running. When both are done, every deadline that was due has been
    /// decided.
    pub async fn sweep_alone(&self) -> MutexGuard<'_, ()> {
        self.sweeping.lock().await
    }
}
