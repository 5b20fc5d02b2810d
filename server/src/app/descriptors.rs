//! File descriptors: their limit is raised at the start, and running out of them is told once.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Whether the last connection could not be accepted, most likely for want of file descriptors.
#[derive(Debug, Default)]
pub struct Descriptors {
    exhausted: AtomicBool,
}

impl Descriptors {
    pub fn are_exhausted(&self) -> bool {
        self.exhausted.load(Relaxed)
    }

    /// Notes that a connection could not be accepted. Returns true when that is new.
    pub fn note_failed(&self) -> bool {
        !self.exhausted.swap(true, Relaxed)
    }

    /// Notes that a connection was accepted. Returns true when the one before was not.
    pub fn note_accepted(&self) -> bool {
        self.exhausted.load(Relaxed) && self.exhausted.swap(false, Relaxed)
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
