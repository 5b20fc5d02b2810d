//! How many calls came to nothing since the person last looked at their calls.

use crate::{api::history, host};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{
    Timestamp, UserId,
    call::{Call, CallStatus},
};

/// Nobody needs to know it more exactly.
const MANY: usize = 50;

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

    /// Asks the server what has been missed.
    pub(super) fn load(self, me: UserId) {
        let since = seen(me);
        spawn_local(async move {
            if let Ok(page) = history::since(since, MANY).await {
                let count = page.items.iter().filter(|call| was_missed(call, me)).count();
                self.count.try_set(count);
            }
        });
    }

    pub(super) fn one_more(self) {
        self.count.try_update(|count| *count += 1);
    }

    /// The person looks at their calls.
    pub fn seen(self, me: UserId) {
        host::keep(&key(me), Some(&host::now().as_millis().to_string()));
        if self.count.try_get_untracked() != Some(0) {
            self.count.try_set(0);
        }
    }
}

/// Somebody called this person, and nobody was reached.
pub fn was_missed(call: &Call, me: UserId) -> bool {
    let came_to_nothing = matches!(call.status, CallStatus::Missed | CallStatus::Canceled | CallStatus::Busy);
    call.initiator_id != me && came_to_nothing
}

/// Who never looked begins with what comes.
fn seen(me: UserId) -> Timestamp {
    let key = key(me);
    host::kept(&key).and_then(|kept| kept.parse().ok()).map_or_else(
        || {
            let now = host::now();
            host::keep(&key, Some(&now.as_millis().to_string()));
            now
        },
        Timestamp,
    )
}

fn key(me: UserId) -> String {
    format!("calls-seen-{me}")
}
