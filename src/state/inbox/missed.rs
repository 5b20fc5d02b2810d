//! The count of missed calls since the person last looked at their calls, in any tab or browser.

use crate::api::history;
use leptos::{prelude::*, task::spawn_local};

/// The count. All copies are the same.
#[derive(Debug, Clone, Copy)]
pub struct Missed {
    count: RwSignal<usize>,
}

impl Missed {
    pub(super) fn new() -> Self {
        Self { count: RwSignal::new(0) }
    }

    pub fn count(self) -> usize {
        self.count.get()
    }

    pub(super) fn set(self, count: usize) {
        if self.count.try_get_untracked().is_some_and(|known| known != count) {
            self.count.try_set(count);
        }
    }

    pub(super) fn one_more(self) {
        self.count.try_update(|count| *count += 1);
    }

    /// Clears the count because the person looks at their calls: here at once, in other tabs through the
    /// server.
    pub fn see(self) {
        self.set(0);
        spawn_local(async move {
            // If it fails, other tabs show a wrong number until the next mark.
            let _ = history::see().await;
        });
    }
}
