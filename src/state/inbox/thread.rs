//! A thread: the messages of one conversation, oldest first, and those that are still being sent.
//!
//! A message of this person may reach the thread twice, as the answer to its request and over the socket, in
//! either order. Messages are merged by id, and an unsent line is removed by whichever comes first.

use crate::{
    api::{self, Failure},
    browser::page,
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{
    ConversationId, UserId,
    people::{Message, MessageContent},
    rest::Messages,
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

/// The state of the messages before the first one in the thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Older {
    /// No page has been loaded yet.
    Unknown,
    /// There are older messages, which this cursor loads.
    Cursor(String),
    Loading,
    /// The first message is in the thread.
    None,
    /// The load with this cursor failed; without one, that of the newest page.
    Failed(Failure, Option<String>),
}

/// A message that the server does not have yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsent {
    pub number: u32,
    pub text: String,
    pub state: UnsentState,
    /// The idempotency key, the same for every try: a try whose answer was lost creates no second message.
    key: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnsentState {
    Sending,
    Failed(Failure),
}

/// The messages of a conversation. Clones are cheap and refer to the same thread.
#[derive(Debug, Clone)]
pub struct Thread {
    conversation_id: ConversationId,
    me: UserId,
    messages: ArcRwSignal<Vec<Message>>,
    older: ArcRwSignal<Older>,
    unsent: ArcRwSignal<Vec<Unsent>>,
    numbers: Arc<AtomicU32>,
    /// A task is sending the unsent messages.
    delivering: Arc<AtomicBool>,
    open: Arc<AtomicBool>,
}

impl Thread {
    pub(super) fn new(conversation_id: ConversationId, me: UserId) -> Self {
        Self {
            conversation_id,
            me,
            messages: ArcRwSignal::new(Vec::new()),
            older: ArcRwSignal::new(Older::Unknown),
            unsent: ArcRwSignal::new(Vec::new()),
            numbers: Arc::default(),
            delivering: Arc::default(),
            open: Arc::default(),
        }
    }

    pub fn conversation_id(&self) -> ConversationId {
        self.conversation_id
    }

    pub fn messages(&self) -> ArcRwSignal<Vec<Message>> {
        self.messages.clone()
    }

    pub fn older(&self) -> ArcRwSignal<Older> {
        self.older.clone()
    }

    pub fn unsent(&self) -> ArcRwSignal<Vec<Unsent>> {
        self.unsent.clone()
    }

    /// Tells whether the thread is on the screen.
    pub fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    pub fn set_open(&self, open: bool) {
        self.open.store(open, Ordering::Relaxed);
    }

    /// Loads the newest messages.
    pub fn load(&self) {
        let thread = self.clone();
        spawn_local(async move {
            match api::conversations::messages(thread.conversation_id, None).await {
                Ok(page) => thread.join_newest(page),
                Err(failure) => thread.older.update(|older| {
                    if *older == Older::Unknown {
                        *older = Older::Failed(failure, None);
                    }
                }),
            }
        });
    }

    /// Loads the page before the first message.
    pub fn load_older(&self) {
        let cursor = match self.older.get_untracked() {
            Older::Cursor(cursor) | Older::Failed(_, Some(cursor)) => cursor,
            Older::Failed(_, None) => return self.load(),
            Older::Unknown | Older::Loading | Older::None => return,
        };
        self.older.set(Older::Loading);
        let thread = self.clone();
        spawn_local(async move {
            match api::conversations::messages(thread.conversation_id, Some(&cursor)).await {
                Ok(page) => {
                    thread.older.set(before(page.next_cursor));
                    thread.join(page.items);
                }
                Err(failure) => thread.older.set(Older::Failed(failure, Some(cursor))),
            }
        });
    }

    /// Takes a message from the socket.
    pub fn add(&self, message: Message) {
        let known = self.messages.with_untracked(|all| all.iter().any(|old| old.id == message.id));
        if !known
            && message.sender_id == self.me
            && let MessageContent::Text { text } = &message.content
        {
            self.forget_unsent(text);
        }
        self.join(vec![message]);
    }

    /// Puts a text into the unsent messages and sends it.
    pub fn send(&self, text: String) {
        let unsent = Unsent {
            number: self.numbers.fetch_add(1, Ordering::Relaxed),
            text,
            state: UnsentState::Sending,
            key: page::random_word(),
        };
        self.unsent.update(|all| all.push(unsent));
        self.deliver();
    }

    /// Sends a text and returns the result, for callers outside of the conversation's page. A text that was
    /// not sent is kept among the unsent messages.
    pub async fn write(&self, text: String) -> Result<(), Failure> {
        let key = page::random_word();
        match api::conversations::write(self.conversation_id, text.clone(), key.as_deref()).await {
            Ok(message) => {
                self.join(vec![message]);
                Ok(())
            }
            Err(failure) => {
                let number = self.numbers.fetch_add(1, Ordering::Relaxed);
                let state = UnsentState::Failed(failure.clone());
                self.unsent.update(|all| all.push(Unsent { number, text, state, key }));
                Err(failure)
            }
        }
    }

    pub fn send_again(&self, number: u32) {
        self.settle(number, Some(UnsentState::Sending));
        self.deliver();
    }

    /// Sends the unsent messages one after the other, because requests side by side may arrive in any order.
    fn deliver(&self) {
        if self.delivering.swap(true, Ordering::Relaxed) {
            return;
        }
        let thread = self.clone();
        spawn_local(async move {
            while let Some(next) = thread.next_unsent() {
                let key = next.key.as_deref();
                match api::conversations::write(thread.conversation_id, next.text, key).await {
                    Ok(message) => {
                        thread.settle(next.number, None);
                        thread.join(vec![message]);
                    }
                    Err(failure) => thread.settle(next.number, Some(UnsentState::Failed(failure))),
                }
            }
            // A text that is added later starts another task: between the last look and this line the page's
            // one thread runs nothing else.
            thread.delivering.store(false, Ordering::Relaxed);
        });
    }

    fn next_unsent(&self) -> Option<Unsent> {
        self.unsent.with_untracked(|all| all.iter().find(|u| u.state == UnsentState::Sending).cloned())
    }

    /// Changes the state of an unsent message; without a state it is sent, and removed.
    fn settle(&self, number: u32, state: Option<UnsentState>) {
        self.unsent.update(|all| match state {
            None => all.retain(|unsent| unsent.number != number),
            Some(state) => {
                if let Some(unsent) = all.iter_mut().find(|unsent| unsent.number == number) {
                    unsent.state = state;
                }
            }
        });
    }

    /// Removes the unsent line of a message that the socket has brought before the answer to its request.
    fn forget_unsent(&self, text: &str) {
        self.unsent.update(|all| {
            // Only the first is on its way, since they are sent one after the other.
            let first = all.iter().position(|unsent| unsent.state == UnsentState::Sending);
            if let Some(at) = first.filter(|at| all[*at].text == text) {
                all.remove(at);
            }
        });
    }

    /// Merges the newest page.
    fn join_newest(&self, page: Messages) {
        let overlaps = self.messages.with_untracked(|known| {
            known.is_empty() || page.items.iter().any(|new| known.iter().any(|old| old.id == new.id))
        });
        if !overlaps && page.next_cursor.is_some() {
            // More was missed than one page holds: the thread begins anew, so that there is no gap in it.
            self.messages.set(Vec::new());
            self.older.set(Older::Unknown);
        }
        if matches!(self.older.get_untracked(), Older::Unknown | Older::Failed(_, None)) {
            self.older.set(before(page.next_cursor));
        }
        self.join(page.items);
    }

    /// Merges messages by time; those that are known are ignored.
    fn join(&self, new: Vec<Message>) {
        self.messages.update(|known| {
            for message in new {
                let order = |message: &Message| (message.created_at, message.id);
                if known.iter().all(|old| old.id != message.id) {
                    let at = known.partition_point(|old| order(old) < order(&message));
                    known.insert(at, message);
                }
            }
        });
    }
}

fn before(cursor: Option<String>) -> Older {
    cursor.map_or(Older::None, Older::Cursor)
}
