//! File descriptors: their limit is raised at the start, and running out of them is told for a while.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The time for which the last failure counts. A probe that gets through must still learn of it.
const TOLD_FOR: Duration = Duration::from_secs(10);

/// The last time at which a connection could not be accepted, most likely for want of file descriptors.
#[derive(Debug, Default)]
pub struct Descriptors {
    failed_at: Mutex<Option<Instant>>,
}

impl Descriptors {
    pub fn are_exhausted(&self) -> bool {
        let failed_at = *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_some_and(|at| at.elapsed() < TOLD_FOR)
    }

    /// Notes that a connection could not be accepted. Returns true when that is new.
    pub fn note_failed(&self) -> bool {
        let is_new = !self.are_exhausted();
        *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        is_new
    }
}

/// Raises the number of files and sockets that the process may have open to what the system allows. Each
/// connection takes one, and the usual limit of 1,024 is soon reached.
pub fn raise_limit() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        if current != maximum
            && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })
        {
            tracing::warn!(%error, ?current, "the limit of open files cannot be raised");
        }
    }
}
