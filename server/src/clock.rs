//! The clock: the time of day behind a trait, so that tests can set it.

use async_trait::async_trait;
use parley_protocol::Timestamp;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;

/// A source of the time of day.
#[async_trait]
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;

    /// Returns when the clock shows this time, or shortly after.
    async fn sleep_until(&self, at: Timestamp);
}

/// The clock of the operating system.
pub struct SystemClock;

/// The longest sleep in one piece, so that a change of the wall clock is noticed.
const NAP: Duration = Duration::from_secs(5);

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    async fn sleep_until(&self, at: Timestamp) {
        loop {
            let left = at.since(self.now());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(NAP)).await;
        }
    }
}

/// A clock that tests set by hand.
pub struct ManualClock(watch::Sender<Timestamp>);

impl ManualClock {
    pub fn new(now: Timestamp) -> Self {
        Self(watch::Sender::new(now))
    }

    pub fn set(&self, now: Timestamp) {
        self.0.send_replace(now);
    }

    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|now| *now = *now + by);
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    async fn sleep_until(&self, at: Timestamp) {
        let mut shown = self.0.subscribe();
        // The sender lives as long as `self`.
        let _ = shown.wait_for(|now| *now >= at).await;
    }
}
