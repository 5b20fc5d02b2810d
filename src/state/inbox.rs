//! The inbox: conversations and messages of the signed-in person, as the server last told them.
//!
//! Lists are loaded over REST and kept up to date by news from the socket. The two race: an answer may be
//! older than news that came while it was on its way. So `news` counts every change, and [`Inbox::fresh`]
//! asks again if it has moved. The inbox also notes live calls of conversations, to show them in the list; it
//! decides nothing about calls.

mod missed;
mod people;
mod thread;

pub use missed::Missed;
pub use people::People;
pub use thread::{Older, Thread, Unsent, UnsentState};

use super::news::News;
use crate::api::{self, Failure, history};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{
    CallId, ConversationId, PictureId, ServerMessage, UserId,
    call::{Call, CallStatus},
    people::{
        Conversation, ConversationKind, ConversationStatus, MemberRole, Message, MessageContent, UserSummary,
    },
    ws::ServerNotice,
};

/// The most pages of conversations that are loaded, of a hundred each.
const PAGES_MAX: usize = 10;
/// The most requests for one answer, if news keeps overtaking it.
const RELOADS_MAX: usize = 5;

/// The state of the list of conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    Waiting,
    Ready,
    Failed(Failure),
}

/// The inbox of the signed-in person. All copies are the same.
#[derive(Clone, Copy)]
pub struct Inbox {
    me: RwSignal<UserSummary>,
    /// The conversations, with the newest activity first.
    conversations: RwSignal<Vec<Conversation>>,
    loaded: RwSignal<Loaded>,
    /// Calls that have ended. An older answer may still contain them as live.
    over: StoredValue<Vec<CallId>>,
    /// Counts changes. An answer that was asked for before one may be out of date.
    news: StoredValue<u32>,
    threads: StoredValue<Vec<Thread>>,
    people: People,
    missed: Missed,
    /// The server has announced its shutdown, so the loss of the socket is expected.
    renewing: RwSignal<bool>,
    calls_over: RwSignal<u32>,
}

impl Inbox {
    pub fn new(me: UserSummary) -> Self {
        Self {
            me: RwSignal::new(me),
            conversations: RwSignal::new(Vec::new()),
            loaded: RwSignal::new(Loaded::Waiting),
            over: StoredValue::new(Vec::new()),
            news: StoredValue::new(0),
            threads: StoredValue::new(Vec::new()),
            people: People::new(),
            missed: Missed::new(),
            renewing: RwSignal::new(false),
            calls_over: RwSignal::new(0),
        }
    }

    /// Returns the signed-in person, without following later changes of their name.
    pub fn me(self) -> UserSummary {
        self.me.get_untracked()
    }

    /// Returns the signed-in person as a signal.
    pub fn owner(self) -> Signal<UserSummary> {
        self.me.into()
    }

    pub fn rename(self, display_name: String) {
        self.me.update(|me| me.display_name = display_name);
    }

    pub fn look_like(self, picture: Option<PictureId>) {
        self.me.try_update(|me| me.picture = picture);
    }

    pub fn conversations(self) -> Signal<Vec<Conversation>> {
        self.conversations.into()
    }

    pub fn loaded(self) -> Signal<Loaded> {
        self.loaded.into()
    }

    pub fn conversation(self, id: ConversationId) -> Memo<Option<Conversation>> {
        Memo::new(move |_| self.conversations.with(|all| all.iter().find(|c| c.id == id).cloned()))
    }

    pub fn people(self) -> People {
        self.people
    }

    pub fn missed(self) -> Missed {
        self.missed
    }

    pub fn renewing(self) -> Signal<bool> {
        self.renewing.into()
    }

    /// Counts the unread lines of all conversations.
    pub fn unread(self) -> usize {
        self.conversations.with(|all| all.iter().map(|c| c.unread as usize).sum())
    }

    /// Returns a count that grows with every call that ends.
    pub fn calls_over(self) -> Signal<u32> {
        self.calls_over.into()
    }

    /// Tells whether the person has a seat in a live call. A tab that is in no call itself learns by it that
    /// another tab or device is.
    pub fn talks_elsewhere(self) -> bool {
        let me = self.me.with_untracked(|me| me.id);
        let is_in = |call: &Call| call.participant(me).is_some_and(|seat| seat.status.is_in());
        self.conversations.with(|all| all.iter().filter_map(|c| c.live_call.as_ref()).any(is_in))
    }

    /// Returns the messages of a conversation, which are kept while the person stays signed in.
    pub fn thread(self, id: ConversationId) -> Thread {
        if let Some(known) = self.known_thread(id) {
            return known;
        }
        let thread = Thread::new(id, self.me.with_untracked(|me| me.id));
        self.threads.update_value(|all| all.push(thread.clone()));
        thread
    }

    /// Loads again everything that may have changed: conversations, missed calls, and the open threads.
    pub fn reload(self) {
        spawn_local(async move {
            match self.fresh(load_all).await {
                Ok(all) => self.replace(all),
                Err(failure) => self.could_not_load(failure),
            }
        });
        self.count_missed();
        if let Some(threads) = self.threads.try_get_value() {
            threads.iter().filter(|thread| thread.is_open()).for_each(Thread::load);
        }
    }

    fn count_missed(self) {
        spawn_local(async move {
            if let Ok(missed) = self.fresh(history::missed).await {
                self.missed.set(missed);
            }
        });
    }

    /// Loads one conversation again, or one that is not in the list yet.
    pub async fn refresh(self, id: ConversationId) -> Result<(), Failure> {
        let conversation = self.fresh(async || api::conversations::load(id).await).await?;
        self.put(conversation);
        Ok(())
    }

    /// Asks until no news has come between the question and the answer, but at most `RELOADS_MAX` times.
    pub async fn fresh<T>(self, ask: impl AsyncFn() -> Result<T, Failure>) -> Result<T, Failure> {
        for _ in 1..RELOADS_MAX {
            let known = self.news.try_get_value();
            let answer = ask().await?;
            if self.news.try_get_value() == known {
                return Ok(answer);
            }
        }
        ask().await
    }

    /// Replaces all conversations.
    pub fn replace(self, all: Vec<Conversation>) {
        let mut ordered = Vec::with_capacity(all.len());
        for mut conversation in all {
            self.drop_ended_call(&mut conversation);
            insert_by_activity(&mut ordered, conversation);
        }
        self.conversations.set(ordered);
        self.loaded.set(Loaded::Ready);
    }

    /// Adds or replaces one conversation.
    pub fn put(self, mut conversation: Conversation) {
        self.news.try_update_value(|count| *count += 1);
        self.drop_ended_call(&mut conversation);
        self.conversations.try_update(|all| insert_by_activity(all, conversation));
    }

    /// Marks a conversation as read: here at once, and at the server.
    pub fn mark_read(self, id: ConversationId) {
        self.forget_unread(id);
        spawn_local(async move {
            // If it fails, other tabs show a wrong number until the next mark.
            let _ = api::conversations::mark_read(id).await;
        });
    }

    /// Takes news from the socket.
    pub fn apply(self, news: News) {
        self.news.try_update_value(|count| *count += 1);
        match news {
            News::Online { resumed } => self.back(resumed),
            News::Notice(notice) => self.notice(notice),
            News::Message(ServerMessage::ConversationUpdated { conversation }) => self.put(conversation),
            News::Message(ServerMessage::MessageCreated { message }) => self.receive(message),
            News::Message(ServerMessage::ConversationRead { conversation_id }) => {
                self.forget_unread(conversation_id);
            }
            News::Message(ServerMessage::ConversationRemoved { conversation_id }) => {
                self.remove(conversation_id);
            }
            News::Message(message) => {
                if let Some(call) = message.call() {
                    self.note_call(call);
                }
            }
            News::Offline | News::SignedOut => {}
        }
    }

    /// Returns the name of a group; none for a direct conversation.
    pub fn group_name(self, id: ConversationId) -> Option<String> {
        let name = |c: &Conversation| c.name.clone().filter(|_| c.kind == ConversationKind::Group);
        let find = |all: &Vec<Conversation>| all.iter().find(|c| c.id == id).and_then(name);
        self.conversations.try_with_untracked(find).flatten()
    }

    /// Loads everything again after the socket came back, unless the server replays what was missed.
    fn back(self, resumed: bool) {
        self.renewing.try_set(false);
        let believed = self.loaded.try_get_untracked() == Some(Loaded::Ready);
        if !(resumed && believed) {
            self.reload();
        }
    }

    fn notice(self, notice: ServerNotice) {
        match notice {
            ServerNotice::Draining {} => {
                self.renewing.try_set(true);
            }
            ServerNotice::PresenceList { people } => self.people.set_all(people),
            ServerNotice::PresenceUpdated { user_id, presence } => self.people.set(user_id, presence),
            ServerNotice::CallsSeen {} => self.missed.set(0),
            ServerNotice::Typing { conversation_id, user_id } => self.people.writes(conversation_id, user_id),
        }
    }

    /// Removes a conversation that the person has left.
    pub fn remove(self, id: ConversationId) {
        self.conversations.try_update(|all| all.retain(|known| known.id != id));
    }

    /// Notes on its conversation that a call is live, or has ended. An older version of a call is ignored.
    fn note_call(self, call: &Call) {
        self.conversations.try_update(|all| {
            let older =
                |known: &Conversation| known.live_call.as_ref().is_none_or(|c| c.version < call.version);
            let its = all.iter_mut().find(|c| c.id == call.conversation_id);
            if let Some(conversation) = its.filter(|known| older(known)) {
                conversation.live_call = call.status.is_live().then(|| call.clone());
                self.drop_ended_call(conversation);
            }
        });
    }

    fn receive(self, message: Message) {
        let id = message.conversation_id;
        let mine = self.me.try_with_untracked(|me| me.id == message.sender_id).unwrap_or(false);
        self.people.wrote(id, message.sender_id);
        if let MessageContent::Call { call_id, status, .. } = &message.content {
            if self.group_name(id).is_some() {
                // The line of a group call does not say whether this person missed it, so the server counts.
                self.count_missed();
            } else if !mine && matches!(status, CallStatus::Missed | CallStatus::Canceled | CallStatus::Busy)
            {
                self.missed.one_more();
            }
            self.over.try_update_value(|over| over.push(*call_id));
            self.calls_over.try_update(|count| *count = count.wrapping_add(1));
        }
        if let Some(thread) = self.known_thread(id) {
            thread.add(message.clone());
        }
        let known = self.conversations.try_update(|all| {
            let Some(mut conversation) = all.iter().find(|c| c.id == id).cloned() else { return false };
            note_message(&mut conversation, message, mine);
            insert_by_activity(all, conversation);
            true
        });
        if known == Some(false) {
            spawn_local(async move {
                let _ = self.refresh(id).await;
            });
        }
    }

    /// Removes a live call that is known to have ended.
    fn drop_ended_call(self, conversation: &mut Conversation) {
        let over = |id| self.over.try_with_value(|over| over.contains(&id)).unwrap_or(false);
        conversation.live_call.take_if(|call| over(call.id));
    }

    fn forget_unread(self, id: ConversationId) {
        self.conversations.try_update(|all| {
            if let Some(conversation) = all.iter_mut().find(|c| c.id == id) {
                conversation.unread = 0;
            }
        });
    }

    fn could_not_load(self, failure: Failure) {
        // A list that was loaded before stays on the screen.
        if self.loaded.try_get_untracked() != Some(Loaded::Ready) {
            self.loaded.set(Loaded::Failed(failure));
        }
    }

    fn known_thread(self, id: ConversationId) -> Option<Thread> {
        self.threads.try_with_value(|all| all.iter().find(|t| t.conversation_id() == id).cloned()).flatten()
    }
}

async fn load_all() -> Result<Vec<Conversation>, Failure> {
    let mut all = Vec::new();
    let mut cursor = None;
    for _ in 0..PAGES_MAX {
        let page = api::conversations::list(cursor.as_deref()).await?;
        all.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok(all)
}

/// Makes a message the last one of its conversation, and counts it as unread. The conversation may already
/// come with the message, which then is counted.
fn note_message(conversation: &mut Conversation, message: Message, mine: bool) {
    let already_counted = conversation.last_message.as_ref().is_some_and(|last| last.id == message.id);
    if !already_counted && !mine && is_news(&message.content) {
        conversation.unread += 1;
    }
    if let MessageContent::Call { call_id, .. } = &message.content {
        conversation.live_call.take_if(|call| call.id == *call_id);
    }
    conversation.updated_at = conversation.updated_at.max(message.created_at);
    if conversation.last_message.as_ref().is_none_or(|last| last.created_at <= message.created_at) {
        conversation.last_message = Some(message);
    }
}

/// Tells whether a message counts as unread: a text, or a call that was not answered. The server counts in
/// the same way.
fn is_news(content: &MessageContent) -> bool {
    match content {
        MessageContent::Text { .. } => true,
        MessageContent::Call { status, duration_seconds, .. } => match status {
            CallStatus::Missed | CallStatus::Canceled | CallStatus::Busy => true,
            CallStatus::Failed => duration_seconds.is_none(),
            _ => false,
        },
    }
}

/// Inserts a conversation by its last activity, in place of its older state.
fn insert_by_activity(all: &mut Vec<Conversation>, conversation: Conversation) {
    all.retain(|known| known.id != conversation.id);
    let at = all.partition_point(|known| known.updated_at >= conversation.updated_at);
    all.insert(at, conversation);
}

/// The standing of a conversation, which decides what the person can do in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The other side waits for this person's answer.
    Invited,
    /// This person waits for the other side's answer.
    Waiting,
    Open,
    Declined,
}

pub fn standing(conversation: &Conversation, me: UserId) -> Standing {
    match conversation.status {
        ConversationStatus::Accepted => Standing::Open,
        ConversationStatus::Declined => Standing::Declined,
        ConversationStatus::Pending if conversation.started_by == me => Standing::Waiting,
        ConversationStatus::Pending => Standing::Invited,
    }
}

/// Returns the name for a call in a conversation: that of the group, or of the other person.
pub fn call_name(id: ConversationId, with: &UserSummary) -> String {
    let group = use_context::<Inbox>().and_then(|inbox| inbox.group_name(id));
    group.unwrap_or_else(|| with.display_name.clone())
}

/// Returns the role of a member in a group.
pub fn role_of(conversation: &Conversation, user: UserId) -> MemberRole {
    let ranked = conversation.roles.iter().find(|ranked| ranked.user_id == user);
    ranked.map_or(MemberRole::Member, |ranked| ranked.role)
}

/// Returns the other person of a direct conversation. A group is given as a person with its name.
pub fn partner(conversation: &Conversation, me: UserId) -> UserSummary {
    let mut others = conversation.members.iter().filter(|member| member.id != me);
    match (conversation.kind, others.next()) {
        (ConversationKind::Direct, Some(other)) => other.clone(),
        _ => UserSummary::named(UserId(conversation.id.0), conversation.name.clone().unwrap_or_default()),
    }
}
