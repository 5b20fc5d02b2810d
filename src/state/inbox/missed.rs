//! How many calls came to nothing since the person last looked at their calls, in whatever tab or browser.

use crate::api::history;
use leptos::{prelude::*, task::spawn_local};

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

    /// The person looks at their calls: here at once, in their other tabs as soon as the server has told them.
    pub fn see(self) {
        self.set(0);
        spawn_local(async move {
            // A lost mark costs a wrong number until the next one.
            let _ = history::see().await;
        });
    }
}
