//! How it is with the others: who is there, and who is writing something. Told by the socket alone, so that nothing of it
//! outlives a socket that was lost.

use leptos::prelude::*;
use parley_protocol::{
    ConversationId, UserId,
    ws::{PersonPresence, Presence},
};
use std::{collections::BTreeMap, time::Duration};

/// Who writes says so every few seconds; after this long without a word, they have stopped.
const TYPING_LASTS: Duration = Duration::from_secs(6);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Writing {
    conversation: ConversationId,
    user: UserId,
    /// The word that it was said with; a later one keeps it alive.
    word: u32,
}

#[derive(Debug, Clone, Copy)]
pub struct People {
    presence: RwSignal<BTreeMap<UserId, Presence>>,
    writing: RwSignal<Vec<Writing>>,
    words: StoredValue<u32>,
}

impl People {
    pub(super) fn new() -> Self {
        Self {
            presence: RwSignal::new(BTreeMap::new()),
            writing: RwSignal::new(Vec::new()),
            words: StoredValue::new(0),
        }
    }

    pub fn presence(self, user: UserId) -> Presence {
        self.presence.with(|all| all.get(&user).copied().unwrap_or(Presence::Offline))
    }

    /// Who writes in a conversation at the moment.
    pub fn writing(self, conversation: ConversationId) -> Vec<UserId> {
        self.writing
            .with(|all| all.iter().filter(|w| w.conversation == conversation).map(|w| w.user).collect())
    }

    /// Everybody who is not offline.
    pub(super) fn set_all(self, people: Vec<PersonPresence>) {
        self.presence.try_set(people.into_iter().map(|person| (person.user_id, person.presence)).collect());
    }

    pub(super) fn set(self, user: UserId, presence: Presence) {
        self.presence.try_update(|all| {
            if presence == Presence::Offline {
                all.remove(&user);
            } else {
                all.insert(user, presence);
            }
        });
        if presence == Presence::Offline {
            self.forget(|w| w.user == user);
        }
    }

    pub(super) fn writes(self, conversation: ConversationId, user: UserId) {
        let word = self.words.try_get_value().unwrap_or_default().wrapping_add(1);
        self.words.try_update_value(|words| *words = word);
        self.writing.try_update(|all| {
            all.retain(|w| (w.conversation, w.user) != (conversation, user));
            all.push(Writing { conversation, user, word });
        });
        set_timeout(move || self.forget(|w| w.word == word), TYPING_LASTS);
    }

    /// What they wrote is here.
    pub(super) fn wrote(self, conversation: ConversationId, user: UserId) {
        self.forget(|w| (w.conversation, w.user) == (conversation, user));
    }

    fn forget(self, which: impl Fn(&Writing) -> bool) {
        // Nobody who reads it is told unless something goes.
        let any = self.writing.try_with_untracked(|all| all.iter().any(&which)).unwrap_or(false);
        if any {
            self.writing.try_update(|all| all.retain(|w| !which(w)));
        }
    }
}
