//! Presence and typing of other people. Only the socket tells of them: the server sends a list of all
//! presences when the socket opens, and changes after it.

use leptos::prelude::*;
use parley_protocol::{
    ConversationId, UserId,
    ws::{PersonPresence, Presence},
};
use std::{collections::BTreeMap, time::Duration};

/// The time after which a person counts as no longer typing. Those who type send word every few seconds.
const TYPING_LASTS: Duration = Duration::from_secs(6);

/// A person who is typing in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Writing {
    conversation: ConversationId,
    user: UserId,
    /// The number of the message that said so. The timeout of an earlier message does not remove a later
    /// one's entry.
    word: u32,
}

/// Presence and typing of everybody who shares a conversation with this person.
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

    /// Lists the people who are typing in a conversation.
    pub fn writing(self, conversation: ConversationId) -> Vec<UserId> {
        self.writing
            .with(|all| all.iter().filter(|w| w.conversation == conversation).map(|w| w.user).collect())
    }

    /// Replaces all presences. People who are not in the list are offline.
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

    /// Notes that a person is typing.
    pub(super) fn writes(self, conversation: ConversationId, user: UserId) {
        let word = self.words.try_get_value().unwrap_or_default().wrapping_add(1);
        self.words.try_update_value(|words| *words = word);
        self.writing.try_update(|all| {
            all.retain(|w| (w.conversation, w.user) != (conversation, user));
            all.push(Writing { conversation, user, word });
        });
        set_timeout(move || self.forget(|w| w.word == word), TYPING_LASTS);
    }

    /// Ends a person's typing, since their message has come.
    pub(super) fn wrote(self, conversation: ConversationId, user: UserId) {
        self.forget(|w| (w.conversation, w.user) == (conversation, user));
    }

    fn forget(self, which: impl Fn(&Writing) -> bool) {
        // The signal is not touched unless an entry goes, so that its readers do not run for nothing.
        let any = self.writing.try_with_untracked(|all| all.iter().any(&which)).unwrap_or(false);
        if any {
            self.writing.try_update(|all| all.retain(|w| !which(w)));
        }
    }
}
