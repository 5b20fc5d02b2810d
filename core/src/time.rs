//! The time of the machines: a parameter, never a clock.
//!
//! The server's machine uses [`Timestamp`], because its deadlines are stored and outlive the process.
//! A device's machines use [`Instant`], because a wall clock may jump.

pub use parley_protocol::Timestamp;
pub use std::time::Duration;

/// Milliseconds since some fixed moment on this device, for example the loading of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(pub u64);

impl Instant {
    /// Returns the time from `earlier` to `self`; zero when `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl std::ops::Add<Duration> for Instant {
    type Output = Self;

    fn add(self, after: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(after.as_millis()).unwrap_or(u64::MAX)))
    }
}

/// Returns the earlier of two deadlines, either of which may be absent.
pub fn earliest<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, None) => a,
        (None, b) => b,
    }
}
